# SPDX-License-Identifier: Apache-2.0
"""Builds the ONNX form of a DL4J zip, for timing ONNX Runtime on the same network.

    python to_onnx.py MODEL.zip OUT.onnx [--size HxW] [--check DL4J]

Knows the layers of Xception in NCHW and nothing else, so that it can be read in one sitting; it is
independent of libdl4j, whose outputs --check compares with (DL4J is the program). Needs onnx and
numpy; --check needs onnxruntime too.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def read_floats(data):
    """The elements of an ND4J array: shape info, then data, each behind its own header."""
    at = 0
    for _ in range(2):
        at += 2 + int.from_bytes(data[at:at + 2], "big")
        length = int.from_bytes(data[at:at + 8], "big")
        at += 8
        size = int.from_bytes(data[at:at + 2], "big")
        kind = data[at + 2:at + 2 + size].decode()
        at += 2 + size
        if kind == "FLOAT":
            return np.frombuffer(data, ">f4", length, at).astype(np.float32)
        at += 8 * length
    sys.exit("to_onnx: expected float32 coefficients")


class Net:
    def __init__(self, config, flat, size):
        self.config, self.flat, self.at = config, flat, 0
        self.nodes, self.constants = [], []
        self.shape = {}  # of a value: channels, height, width
        self.size = size

    def take(self, shape, order="C"):
        n = int(np.prod(shape))
        self.at += n
        return self.flat[self.at - n:self.at].reshape(shape, order=order)

    def constant(self, name, value):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def window(self, layer, x):
        """Attributes of a sliding window, and the size it leaves."""
        pads, sides = [[], []], []
        for n, k, s, p in zip(self.shape[x][1:], layer["kernelSize"], layer["stride"],
                              layer["padding"]):
            side = (n + 2 * p - k) // s + 1
            before = after = p
            if layer["convolutionMode"] == "Same":
                side = (n - 1) // s + 1
                total = max((side - 1) * s + k - n, 0)
                before, after = total // 2, total - total // 2
            pads[0].append(before)
            pads[1].append(after)
            sides.append(side)
        assert layer["dilation"] == [1, 1] and layer.get("cnn2dDataFormat", "NCHW") == "NCHW"
        return dict(kernel_shape=layer["kernelSize"], strides=layer["stride"],
                    pads=pads[0] + pads[1]), sides

    def activate(self, layer, x, name):
        kind = layer["activationFn"]["@class"].rsplit("Activation", 1)[1]
        if kind == "Identity":
            return x
        shape = self.shape[x]
        assert kind in ("ReLU", "Softmax"), kind
        assert not any(layer["activationFn"].get(k) for k in ("max", "negativeSlope", "threshold"))
        self.node("Relu" if kind == "ReLU" else "Softmax", [x], name)
        self.shape[name] = shape
        return name

    def conv(self, name, x, weights, layer, group=1, bias=None, **attributes):
        inputs = [x, self.constant(name + ".W", weights)]
        if bias is not None:
            inputs.append(self.constant(name + ".b", bias))
        return self.node("Conv", inputs, name, group=group, **attributes)

    def convolution(self, name, layer, x):
        window, sides = self.window(layer, x)
        bias = self.take([layer["nout"]]) if layer["hasBias"] else None
        w = self.take([layer["nout"], layer["nin"]] + layer["kernelSize"])
        out = self.conv(name + "/conv", x, w, layer, bias=bias, **window)
        self.shape[out] = [layer["nout"]] + sides
        return self.activate(layer, out, name)

    def separable(self, name, layer, x):
        window, sides = self.window(layer, x)
        c, m = layer["nin"], layer["depthMultiplier"]
        bias = self.take([layer["nout"]]) if layer["hasBias"] else None
        w = self.take([m, c] + layer["kernelSize"])
        depth = w.swapaxes(0, 1).reshape([c * m, 1] + layer["kernelSize"])
        out = self.conv(name + "/depth", x, depth, layer, group=c, **window)
        out = self.conv(name + "/point", out, self.take([layer["nout"], c * m, 1, 1]), layer,
                        bias=bias, kernel_shape=[1, 1])
        self.shape[out] = [layer["nout"]] + sides
        return self.activate(layer, out, name)

    def layer(self, name, kind, layer, x):
        if kind == "ConvolutionLayer":
            return self.convolution(name, layer, x)
        if kind == "SeparableConvolution2D":
            return self.separable(name, layer, x)
        if kind == "ActivationLayer":
            return self.activate(layer, x, name)
        if kind == "BatchNormalization":
            assert not layer["lockGammaBeta"] and not layer["useLogStd"]
            inputs = [x] + [self.constant(name + "." + key, self.take([layer["nout"]]))
                            for key in ("gamma", "beta", "mean", "var")]
            self.shape[name] = self.shape[x]
            return self.node("BatchNormalization", inputs, name, epsilon=layer["eps"])
        if kind == "SubsamplingLayer":
            assert layer["poolingType"] == "MAX"
            window, sides = self.window(layer, x)
            self.shape[name] = self.shape[x][:1] + sides
            return self.node("MaxPool", [x], name, **window)
        if kind == "GlobalPoolingLayer":
            assert layer["poolingType"] == "AVG" and layer["collapseDimensions"]
            self.shape[name] = self.shape[x][:1]
            return self.node("Flatten", [self.node("GlobalAveragePool", [x], name + "/pool")], name)
        if kind == "DenseLayer":
            w = self.take([layer["nin"], layer["nout"]], order="F")
            b = self.take([layer["nout"]])
            out = self.node("Gemm", [x, self.constant(name + ".W", w),
                                     self.constant(name + ".b", b)], name + "/gemm")
            self.shape[out] = [layer["nout"]]
            return self.activate(layer, out, name)
        sys.exit(f"to_onnx: vertex '{name}': {kind} is not a layer of Xception")

    def build(self):
        config = self.config
        (inp,), (outp,) = config["networkInputs"], config["networkOutputs"]
        value = {inp: inp}
        for name in config["topologicalOrderStr"]:
            if name == inp:
                # the first layer after it knows the channels
                first = next(v for n, v in config["vertices"].items()
                             if inp in config["vertexInputs"][n])
                self.shape[inp] = [first["layerConf"]["layer"]["nin"]] + self.size
                continue
            vertex = config["vertices"][name]
            inputs = [value[i] for i in config["vertexInputs"][name]]
            if "layerConf" in vertex:
                layer = vertex["layerConf"]["layer"]
                assert not vertex["preProcessor"]
                value[name] = self.layer(name, layer["@class"].rsplit(".", 1)[1], layer, *inputs)
            else:
                assert vertex.get("op") == "Add", vertex
                value[name] = self.node("Add", inputs, name)
                self.shape[name] = self.shape[inputs[0]]
        assert self.at == len(self.flat), "coefficients are left over"

        def info(name, value):
            return helper.make_tensor_value_info(name, TensorProto.FLOAT,
                                                 ["N"] + self.shape[value])
        graph = helper.make_graph(self.nodes, "dl4j", [info(inp, inp)],
                                  [info(value[outp], value[outp])], self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model


def check(args, shape):
    import onnxruntime
    x = np.random.default_rng(1).uniform(-1, 1, [2] + shape).astype(np.float32)
    session = onnxruntime.InferenceSession(args.onnx)
    name = session.get_outputs()[0].name
    theirs = session.run(None, {session.get_inputs()[0].name: x})[0]
    with tempfile.TemporaryDirectory() as tmp:
        np.save(tmp + "/x.npy", x)
        subprocess.run([args.check, "run", args.zip, "--input", tmp + "/x.npy",
                        "--output-dir", tmp], check=True)
        ours = np.load(f"{tmp}/{name}.npy")
    worst = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    print(f"largest difference between dl4j and ONNX Runtime: {worst:.2g} of the largest output")
    if not worst < 1e-4:
        sys.exit("to_onnx: these are not the same network")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("zip")
    parser.add_argument("onnx")
    parser.add_argument("--size", default="299x299", help="HxW (299x299)")
    parser.add_argument("--check", metavar="DL4J", help="the program to compare outputs with")
    args = parser.parse_args()
    with zipfile.ZipFile(args.zip) as z:
        config = json.loads(z.read("configuration.json"))
        flat = read_floats(z.read("coefficients.bin"))
    net = Net(config, flat, [int(n) for n in args.size.split("x")])
    onnx.save(net.build(), args.onnx)
    if args.check:
        check(args, net.shape[config["networkInputs"][0]])


main()
