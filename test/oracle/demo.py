# SPDX-License-Identifier: Apache-2.0
"""Trains the demo model: a small Xception for Fashion-MNIST, and saves it for DL4J's import.

    python demo.py WORK DATA

writes WORK/demo.h5 and WORK/keras.npy (Keras' own probabilities of the test images), and
DATA/demo.labels and DATA/samples/<class>/<index>.png. oracle.Demo goes on from there.
Needs tensorflow-cpu 2.16 and tf_keras 2.16; takes a few minutes on two cores.
"""
import gzip
import json
import os
import sys

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import h5py
import numpy as np
import tensorflow as tf
import tf_keras
from tf_keras import layers

DATASET = os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist")
LABELS = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat",
          "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
SAMPLES = 2  # a class
BATCH = 128
EPOCHS = int(os.environ.get("EPOCHS", "12"))


def read_idx(name, header):
    with gzip.open(os.path.join(DATASET, name)) as f:
        return np.frombuffer(f.read(), np.uint8, offset=header)


def read_set(name):
    images = read_idx(name + "-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)
    return images, read_idx(name + "-labels-idx1-ubyte.gz", 8)


def norm(x, name):
    # Keras' default momentum of 0.99 needs more steps than this training has
    return layers.BatchNormalization(momentum=0.95, name=name)(x)


def separable(x, filters, name):
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return norm(x, name + "_bn")


def relu(x, name):
    return layers.Activation("relu", name=name)(x)


def downward(x, block, add, filters, first_act=True):
    """Xception's entry flow: two separable convolutions and a pool, beside a strided 1x1."""
    name = "block%d" % block
    side = layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False,
                         name="conv2d_%d" % add)(x)
    side = norm(side, "batch_normalization_%d" % add)
    if first_act:
        x = relu(x, name + "_sepconv1_act")
    x = separable(x, filters, name + "_sepconv1")
    x = relu(x, name + "_sepconv2_act")
    x = separable(x, filters, name + "_sepconv2")
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=name + "_pool")(x)
    return layers.Add(name="add_%d" % add)([x, side])


def build():
    """Layer names are Xception's, so that its summary reads like the well-known one."""
    image = x = layers.Input((28, 28, 1), name="input_1")
    for i, filters in ((1, 16), (2, 32)):
        name = "block1_conv%d" % i
        x = layers.Conv2D(filters, 3, strides=i, use_bias=False, name=name)(x)
        x = relu(norm(x, name + "_bn"), name + "_act")
    x = downward(x, 2, 1, 48, first_act=False)
    middle = x
    for i in (1, 2, 3):
        name = "block3_sepconv%d" % i
        x = separable(relu(x, name + "_act"), 48, name)
    x = layers.Add(name="add_2")([x, middle])
    x = downward(x, 4, 3, 96)
    x = relu(separable(x, 128, "block5_sepconv1"), "block5_sepconv1_act")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = layers.Dense(len(LABELS), activation="softmax", name="predictions")(x)
    return tf_keras.Model(image, x, name="demo")


def vary(images, rng):
    """Each picture may be mirrored and moved by up to two pixels."""
    n = len(images)
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)))
    rows = rng.integers(0, 5, n)[:, None, None] + np.arange(28)[None, :, None]
    columns = rng.integers(0, 5, n)[:, None, None] + np.arange(28)[None, None, :]
    mirror = rng.integers(0, 2, n)[:, None, None] == 1
    columns = np.where(mirror, columns[:, :, ::-1], columns)
    return padded[np.arange(n)[:, None, None], rows, columns]


def train(model, images, labels):
    rng = np.random.default_rng(1)
    steps = -(-len(images) // BATCH) * EPOCHS
    rate = tf_keras.optimizers.schedules.CosineDecay(
        1e-5, steps - steps // 10, alpha=0.001, warmup_target=4e-3, warmup_steps=steps // 10)
    model.compile(tf_keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", ["accuracy"])
    for epoch in range(EPOCHS):
        model.fit(vary(images, rng), labels, batch_size=BATCH, initial_epoch=epoch,
                  epochs=epoch + 1, verbose=2)


def old_config(text):
    """A model's JSON as Keras 2.2.4 wrote it, the last whose every field DL4J's import knows."""
    config = json.loads(text)
    config["class_name"] = "Model"
    config["keras_version"] = "2.2.4"
    for layer in [config] + config["config"]["layers"]:
        for key in ("module", "registered_name", "build_config"):
            layer.pop(key, None)
            layer["config"].pop(key, None)
        layer["config"].pop("groups", None)
        for key, value in layer["config"].items():
            if isinstance(value, dict):
                for extra in ("module", "registered_name", "build_config"):
                    value.pop(extra, None)
    return json.dumps(config)


def save(model, path):
    """Writes the h5 as Keras 2.2.4 did."""
    model.save(path, save_format="h5", include_optimizer=False)
    with h5py.File(path, "r+") as f:
        f.attrs["model_config"] = old_config(f.attrs["model_config"])
        f.attrs["keras_version"] = "2.2.4"
        f["model_weights"].attrs["keras_version"] = "2.2.4"
        if "top_level_model_weights" in f["model_weights"]:
            del f["model_weights"]["top_level_model_weights"]


def write_samples(data, images, labels):
    """The first pictures of each class, right or wrong."""
    with open(os.path.join(data, "demo.labels"), "w") as f:
        f.write("\n".join(LABELS) + "\n")
    for c, label in enumerate(LABELS):
        folder = os.path.join(data, "samples", label)
        os.makedirs(folder, exist_ok=True)
        for i in np.flatnonzero(labels == c)[:SAMPLES]:
            tf.io.write_file(os.path.join(folder, "%05d.png" % i), tf.io.encode_png(images[i]))


def main(work, data):
    os.makedirs(work, exist_ok=True)
    os.makedirs(data, exist_ok=True)
    tf_keras.utils.set_random_seed(1)
    tf.config.experimental.enable_op_determinism()
    images, labels = read_set("train")
    test_images, test_labels = read_set("t10k")
    model = build()
    model.summary()
    train(model, images.astype(np.float32) / 255, labels)
    found = model.predict(test_images.astype(np.float32) / 255, batch_size=500, verbose=0)
    print("accuracy on the test set: %.4f" % np.mean(found.argmax(1) == test_labels))
    np.save(os.path.join(work, "keras.npy"), found)
    save(model, os.path.join(work, "demo.h5"))
    write_samples(data, test_images, test_labels)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
