# SPDX-License-Identifier: Apache-2.0
"""Writes the well-known Keras networks for DL4J's import.

    python keras_nets.py WORK SIDE NET...

writes WORK/<net>.h5, with random weights, for pictures of SIDE x SIDE, and WORK/<net>.picture.npy with
Keras' own WORK/<net>.predictions.npy of it. With SIDE 0, the side that the net is made for, only
WORK/<net>.json; of all nets, without NET. oracle.KerasNets and oracle.Tables go on from there.
Needs what demo.py needs.
"""
import json
import math
import os
import re
import string
import sys

from demo import old_config, save  # first, as it chooses the Keras

import numpy as np
import tf_keras
from tf_keras import layers

# The class, the side of its pictures, and how the session that saved the published net had numbered
# its unnamed layers: the first of each kind.
APPLICATIONS = {
    "densenet121": ("DenseNet121", 224, {"input": 7, "zero_padding2d": 1}),
    "densenet169": ("DenseNet169", 224, {"input": 5, "zero_padding2d": 1}),
    "densenet201": ("DenseNet201", 224, {"input": 8, "zero_padding2d": 3}),
    "inceptionv3": ("InceptionV3", 299, {
        "input": 6, "conv2d": 1, "batch_normalization": 1, "activation": 1, "max_pooling2d": 7,
        "average_pooling2d": 1, "concatenate": 1}),
    "nasnetlarge": ("NASNetLarge", 331, {
        "input": 6, "activation": 1, "zero_padding2d": 3, "cropping2d": 1, "concatenate": 1,
        "add": 13, "global_average_pooling2d": 1}),
    "nasnetmobile": ("NASNetMobile", 224, {
        "input": 9, "activation": 95, "zero_padding2d": 5, "cropping2d": 1, "concatenate": 3,
        "add": 1, "global_average_pooling2d": 1}),
    "resnet50": ("ResNet50", 224, {"input": 2}),
    "resnet101": ("ResNet101", 224, {"input": 3}),
    "resnet152": ("ResNet152", 224, {"input": 3}),
    "resnet50v2": ("ResNet50V2", 224, {"input": 4, "max_pooling2d": 1}),
    "resnet101v2": ("ResNet101V2", 224, {"input": 5, "max_pooling2d": 4}),
    "resnet152v2": ("ResNet152V2", 224, {"input": 4, "max_pooling2d": 1}),
    "vgg16": ("VGG16", 224, {"input": 1}),
    "vgg19": ("VGG19", 224, {"input": 2}),
    "dl4jvgg19": ("VGG19", 224, {"input": 1}),
    "xception": ("Xception", 299, {"input": 1, "conv2d": 1, "batch_normalization": 1, "add": 1}),
}

# What the last layer's name was in older Kerases.
LAST = {"densenet": "fc1000", "resnet": "probs"}

# Width, depth, side, dropout, number of the input layer.
EFFICIENT = {
    "efficientnetb0": (1.0, 1.0, 224, 0.2, 1), "efficientnetb1": (1.0, 1.1, 240, 0.2, 2),
    "efficientnetb2": (1.1, 1.2, 260, 0.3, 3), "efficientnetb3": (1.2, 1.4, 300, 0.3, 4),
    "efficientnetb4": (1.4, 1.8, 380, 0.4, 5), "efficientnetb5": (1.6, 2.2, 456, 0.4, 6),
    "efficientnetb6": (1.8, 2.6, 528, 0.5, 1), "efficientnetb7": (2.0, 3.1, 600, 0.5, 2),
}

# Repeats, kernel, stride, expansion, filters.
BLOCKS = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112),
          (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))


def renumbered(model, first):
    """The model's text, its unnamed layers numbered in order of creation, from `first` on."""
    def number(name):
        kind, _, digits = name.rpartition("_") if re.search(r"_\d+$", name) else (name, "", "0")
        return kind, int(digits)

    new = {}
    for layer in model.layers:
        kind, n = number(layer.name)
        if kind in first:
            new.setdefault(kind, []).append((n, layer.name))
    names = {old: "%s_%d" % (kind, first[kind] + i) for kind, found in new.items()
             for i, (_, old) in enumerate(sorted(found))}
    names.update({"predictions": name for net, name in LAST.items() if model.name.startswith(net)})
    return re.sub(r'"([a-z0-9_]+)"(?!:)', lambda m: '"%s"' % names.get(m[1], m[1]), model.to_json())


def rounded(filters, width):
    """A multiple of 8, at most a tenth smaller."""
    filters *= width
    near = max(8, int(filters + 4) // 8 * 8)
    return near + 8 if near < 0.9 * filters else near


def norm(x, name, swish=None):
    x = layers.BatchNormalization(name=name)(x)
    return layers.Activation("swish", name=swish)(x) if swish else x


def block(x, name, kernel, stride, expansion, filters, drop, used):
    """A mobile inverted bottleneck. The lambda layer is the place where Weka has one that broadcasts."""
    start, channels = x, x.shape[-1]
    if expansion != 1:
        x = layers.Conv2D(channels * expansion, 1, padding="same", use_bias=False,
                          name=name + "_expand_conv")(x)
        x = norm(x, name + "_expand_bn", name + "_expand_activation")
    x = layers.DepthwiseConv2D(kernel, stride, padding="same", use_bias=False, name=name + "_dwconv")(x)
    x = norm(x, name + "_bn", name + "_activation")
    wide, side = x.shape[-1], x.shape[1]
    s = layers.GlobalAveragePooling2D(name=name + "_se_squeeze")(x)
    s = layers.Reshape((1, 1, wide), name=name + "_se_reshape")(s)
    s = layers.Conv2D(max(1, channels // 4), 1, activation="swish", padding="same",
                      name=name + "_se_reduce")(s)
    s = layers.Conv2D(wide, 1, activation="sigmoid", padding="same", name=name + "_se_expand")(s)
    broadcast = "broadcast_w%d_d%d" % (side, wide)
    used[broadcast] = used.get(broadcast, 0) + 1
    s = layers.Lambda(lambda t: t, name="%s_%d" % (broadcast, used[broadcast]))(s)
    x = layers.Multiply(name=name + "_se_excite")([x, s])
    x = layers.Conv2D(filters, 1, padding="same", use_bias=False, name=name + "_project_conv")(x)
    x = norm(x, name + "_project_bn")
    if stride == 1 and channels == filters:
        x = layers.Dropout(drop, name=name + "_drop_dropout")(x)
        x = layers.Add(name=name + "_add")([start, x])
    return x


def efficient_net(net, side):
    """As Weka imports it: the older package's layers, FixedDropout made Dropout."""
    width, depth, _, dropout, number = EFFICIENT[net]
    image = layers.Input((side, side, 3), name="input_%d" % number)
    x = layers.Conv2D(rounded(32, width), 3, strides=2, padding="same", use_bias=False,
                      name="stem_conv")(image)
    x = norm(x, "stem_bn", "stem_activation")
    used = {}
    for i, (repeats, kernel, stride, expansion, filters) in enumerate(BLOCKS):
        for k in range(math.ceil(depth * repeats)):
            name = "block%d%s" % (i + 1, string.ascii_lowercase[k])
            x = block(x, name, kernel, 1 if k else stride, expansion, rounded(filters, width), 0.2, used)
    x = layers.Conv2D(rounded(1280, width), 1, padding="same", use_bias=False, name="top_conv")(x)
    x = norm(x, "top_bn", "top_activation")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = layers.Dropout(dropout, name="top_dropout")(x)
    return tf_keras.Model(image, layers.Dense(1000, activation="softmax", name="probs")(x))


def mobile_net(side):
    """With the top of Keras 2.2; today's pools with keepdims instead, which DL4J does not know."""
    bottom = tf_keras.applications.MobileNet(weights=None, include_top=False, input_shape=(side, side, 3))
    x = layers.GlobalAveragePooling2D(name="global_average_pooling2d_1")(bottom.output)
    x = layers.Reshape((1, 1, 1024), name="reshape_1")(x)
    x = layers.Dropout(1e-3, name="dropout")(x)
    x = layers.Conv2D(1000, 1, padding="same", name="conv_preds")(x)
    x = layers.Reshape((1000,), name="reshape_2")(x)
    return tf_keras.Model(bottom.input, layers.Activation("softmax", name="act_softmax")(x))


def conv_norm(x, filters, size, name, norm_name, **how):
    return layers.BatchNormalization(name=norm_name)(layers.Conv2D(filters, size, name=name, **how)(x))


def old_resnet50():
    """Of Keras 2.0, without padding layers."""
    image = layers.Input((224, 224, 3), name="input_1")
    counts = {"activation": 0, "add": 0}

    def numbered(kind):
        counts[kind] += 1
        return "%s_%d" % (kind, counts[kind])

    def relu(x):
        return layers.Activation("relu", name=numbered("activation"))(x)

    x = relu(conv_norm(image, 64, 7, "conv1", "bn_conv1", strides=2, padding="same"))
    x = layers.MaxPooling2D(3, 2, name="max_pooling2d_1")(x)
    for stage, repeats in ((2, 3), (3, 4), (4, 6), (5, 3)):
        filters = 16 << stage
        for k in string.ascii_lowercase[:repeats]:
            res, bn, start = "res%d%s_branch" % (stage, k), "bn%d%s_branch" % (stage, k), x
            stride = 2 if k == "a" and stage > 2 else 1
            x = relu(conv_norm(x, filters, 1, res + "2a", bn + "2a", strides=stride))
            x = relu(conv_norm(x, filters, 3, res + "2b", bn + "2b", padding="same"))
            x = conv_norm(x, 4 * filters, 1, res + "2c", bn + "2c")
            if k == "a":
                start = conv_norm(start, 4 * filters, 1, res + "1", bn + "1", strides=stride)
            x = relu(layers.Add(name=numbered("add"))([x, start]))
    x = layers.AveragePooling2D(7, name="avg_pool")(x)
    x = layers.Flatten(name="flatten_1")(x)
    return tf_keras.Model(image, layers.Dense(1000, activation="softmax", name="fc1000")(x))


def old_squeezenet():
    def conv(x, filters, size, name, act, **how):
        return layers.Activation("relu", name=act)(layers.Conv2D(filters, size, name=name, **how)(x))

    image = layers.Input((227, 227, 3), name="input_5")
    x = conv(image, 64, 3, "conv1", "relu1", strides=2)
    x = layers.MaxPooling2D(3, 2, name="pool1")(x)
    for i, squeeze in enumerate((16, 16, 32, 32, 48, 48, 64, 64), 2):
        fire = "fire%d_" % i
        x = conv(x, squeeze, 1, fire + "squeeze1x1", fire + "relu_squeeze1x1")
        x = layers.Concatenate(name=fire + "concat")([
            conv(x, 4 * squeeze, size, fire + "expand" + text, fire + "relu_expand" + text, padding="same")
            for size, text in ((1, "1x1"), (3, "3x3"))])
        if i in (3, 5):
            x = layers.MaxPooling2D(3, 2, name="pool%d" % i)(x)
    x = layers.Dropout(0.5, name="drop9")(x)
    x = conv(x, 1000, 1, "conv10", "relu10")
    x = layers.GlobalAveragePooling2D(name="global_average_pooling2d_5")(x)
    return tf_keras.Model(image, layers.Activation("softmax", name="loss")(x))


def old_darknet19():
    """But for the LossLayer, which oracle.Tables appends."""
    image = x = layers.Input((224, 224, 3), name="input_1")
    pools = n = 0
    for filters in (32, 0, 64, 0, 128, 64, 128, 0, 256, 128, 256, 0, 512, 256, 512, 256, 512, 0,
                    1024, 512, 1024, 512, 1024):
        if not filters:
            pools += 1
            x = layers.MaxPooling2D(name="max_pooling2d_%d" % pools)(x)
            continue
        size = 1 if n and filters < x.shape[-1] else 3
        n += 1
        x = conv_norm(x, filters, size, "conv2d_%d" % n, "batch_normalization_%d" % n, padding="same",
                      use_bias=False)
        x = layers.LeakyReLU(0.1, name="leaky_re_lu_%d" % n)(x)
    x = layers.Conv2D(1000, 1, name="conv2d_19")(x)
    x = layers.GlobalAveragePooling2D(name="globalpooling")(x)
    return tf_keras.Model(image, layers.Activation("softmax", name="softmax")(x))


def old_vggface():
    image = x = layers.Input((224, 224, 3), name="input_1")
    for stage, (repeats, filters) in enumerate(((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)), 1):
        for i in range(1, repeats + 1):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu",
                              name="conv%d_%d" % (stage, i))(x)
        x = layers.MaxPooling2D(name="pool%d" % stage)(x)
    x = layers.Flatten(name="flatten")(x)
    for name, size in (("fc6", 4096), ("fc7", 4096), ("fc8", 2622)):
        x = layers.Dense(size, name=name)(x)
    return tf_keras.Model(image, x)


# The nets from which the zips of DL4J's own zoo were imported.
OLD = {"dl4jresnet50": old_resnet50, "dl4jsqueezenet": old_squeezenet, "dl4jdarknet19": old_darknet19,
       "dl4jvggface": old_vggface}


def norms():
    """Small: batch normalizations with scale and without. DL4J fails to import one without center."""
    image = layers.Input((7, 7, 3), name="input_1")
    x = start = layers.Conv2D(4, 1, name="conv2d_1")(image)
    for i in range(2):
        x = layers.BatchNormalization(scale=i == 0, name="batch_normalization_%d" % (i + 1))(x)
        x = layers.Activation("relu", name="activation_%d" % (i + 1))(x)
        x = layers.Conv2D(4, 3, padding="same", use_bias=i > 0, name="conv2d_%d" % (i + 2))(x)
    x = layers.Add(name="add_1")([x, start])
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    return tf_keras.Model(image, layers.Dense(5, activation="softmax", name="predictions")(x))


def old_table(model):
    """What Keras 2.3 printed; the layers in its order, connections by their names."""
    ends = (32, 53, 65, 98)

    def row(cells):
        text = ""
        for cell, end in zip(cells, ends):
            text = (text[:-1] + " " if text else "") + str(cell)
            text = text[:end] + " " * (end - len(text))
        return text

    lines = ['Model: "model"', "_" * 98, row(("Layer (type)", "Output Shape", "Param #", "Connected to")),
             "=" * 98]
    for layer in model.layers:
        shape = layer.output_shape[0] if isinstance(layer.output_shape, list) else layer.output_shape
        inputs = [parent.outbound_layer.name + "[0][0]" for node in layer.inbound_nodes
                  for parent in node.parent_nodes]
        lines.append(row(("%s (%s)" % (layer.name, type(layer).__name__), shape, layer.count_params(),
                          inputs[0] if inputs else "")))
        lines += [row(("", "", "", more)) for more in inputs[1:]]
        lines.append(("=" if layer is model.layers[-1] else "_") * 98)
    fixed = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    lines += ["Total params: {:,}".format(model.count_params()),
              "Trainable params: {:,}".format(model.count_params() - fixed),
              "Non-trainable params: {:,}".format(fixed), "_" * 98]
    return "\n".join(lines) + "\n"


def build(net, side):
    """The model's text."""
    tf_keras.backend.clear_session()
    if net in EFFICIENT:
        return efficient_net(net, side or EFFICIENT[net][2]).to_json()
    if net == "norms":
        return norms().to_json()
    if net in OLD:
        return OLD[net]().to_json()
    if net == "mobilenet":
        return renumbered(mobile_net(side), {"input": 1})
    name, usual, first = APPLICATIONS[net]
    side = side or usual
    model = getattr(tf_keras.applications, name)(weights=None, input_shape=(side, side, 3))
    return renumbered(model, first)


def vary(model, rng):
    """Biases and batch normalizations that do something; without a scale, gamma stays 1 at import."""
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            n = layer.moving_mean.shape[0]
            ranges = {"gamma": (0.75, 1.25), "beta": (-0.1, 0.1), "moving_mean": (-0.1, 0.1),
                      "moving_variance": (0.5, 1.5)}
            layer.set_weights([rng.uniform(*ranges[w.name.split("/")[-1].split(":")[0]], n)
                               for w in layer.weights])


def main(work, side, nets):
    os.makedirs(work, exist_ok=True)
    for net in nets or [*APPLICATIONS, *EFFICIENT, *OLD]:
        text = build(net, side)
        if not side:
            with open(os.path.join(work, net + ".json"), "w") as f:
                f.write(old_config(text))
            continue
        tf_keras.utils.set_random_seed(1)
        model = tf_keras.models.model_from_json(text)
        rng = np.random.default_rng(1)
        vary(model, rng)
        picture = rng.uniform(-1, 1, (1,) + model.input_shape[1:]).astype(np.float32)
        np.save(os.path.join(work, net + ".picture.npy"), picture)
        with open(os.path.join(work, net + ".txt"), "w") as f:
            f.write(old_table(model))
        np.save(os.path.join(work, net + ".predictions.npy"), model.predict(picture, verbose=0))
        save(model, os.path.join(work, net + ".h5"))
        print(net, model.input_shape, len(model.layers), model.count_params(), flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
