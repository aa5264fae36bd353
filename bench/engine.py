# SPDX-License-Identifier: Apache-2.0
"""An engine that waits to be timed: each number that comes in is how many runs to make, what goes out is
the seconds that they took.

    python engine.py ENGINE MODEL INPUT.npy THREADS STREAMS

ENGINE: onnxruntime; openvino in float32, openvino-default in the precision that it chooses itself (all of
an ONNX file); or the path of libdl4j.so, with :bf16 or :int8 behind it (of DL4J's zip). Streams have that many
threads each and take their runs from one queue (OpenVINO: as many as it likes with its hint THROUGHPUT).
With --check MODEL.onnx IN.npy OUT.npy: ONNX Runtime's outputs must be those of the file within 1e-4 of the
largest."""
import ctypes
import sys
import threading
import time

import numpy as np


class Array(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("rank", ctypes.c_int), ("dim", ctypes.c_int64 * 8)]


class Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("msg", ctypes.c_char * 512)]


class Options(ctypes.Structure):
    _fields_ = [("threads", ctypes.c_int), ("no_passes", ctypes.c_int), ("all", ctypes.c_int),
                ("outputs", ctypes.c_void_p), ("n_outputs", ctypes.c_int),
                ("masked", ctypes.c_void_p), ("stateful", ctypes.c_int),
                ("precision", ctypes.c_int), ("cache", ctypes.c_char_p)]


def libdl4j(path, precision, model, x, threads, streams):
    """A runner and its clones: functions that run it once."""
    lib, err, zipped = ctypes.CDLL(path), Error(), ctypes.c_void_p()
    lib.dl4j_runner_output.restype = Array

    def call(name, *args):
        if getattr(lib, name)(*args, ctypes.byref(err)) < 0:
            sys.exit(f"{name}: {err.msg.decode()}")

    call("dl4j_model_open", ctypes.byref(zipped), model.encode(), None)
    shape = Array(rank=x.ndim, dim=(ctypes.c_int64 * 8)(*x.shape))
    how = Options(threads=threads, precision=["f32", "bf16", "int8"].index(precision))
    made = []
    for i in range(streams):
        runner = ctypes.c_void_p()
        if i:
            call("dl4j_runner_clone", ctypes.byref(runner), made[0])
        else:
            call("dl4j_runner_new", ctypes.byref(runner), zipped, ctypes.byref(shape),
                 ctypes.byref(how))
        made.append(runner)
    outputs = [lib.dl4j_runner_output(made[0], i)
               for i in range(lib.dl4j_runner_outputs(made[0]))]

    def function(runner):
        out = [np.empty(a.dim[:a.rank], np.float32) for a in outputs]
        ins = (ctypes.c_void_p * 1)(x.ctypes.data)
        outs = (ctypes.c_void_p * len(out))(*(a.ctypes.data for a in out))
        return lambda: (call("dl4j_runner_run", runner, ins, outs), out)

    return [function(runner) for runner in made]


def onnxruntime_session(path, threads):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])


def onnxruntime(path, x, threads, streams):
    sessions = [onnxruntime_session(path, threads) for _ in range(streams)]
    name = sessions[0].get_inputs()[0].name
    return [lambda s=s: s.run(None, {name: x}) for s in sessions]


def openvino(path, x, threads, streams, default):
    """One function that makes so many runs."""
    import openvino as ov
    how = {"INFERENCE_NUM_THREADS": threads * streams,
           "PERFORMANCE_HINT": "THROUGHPUT" if streams > 1 else "LATENCY"}
    if not default:
        how["INFERENCE_PRECISION_HINT"] = "f32"
    core = ov.Core()
    model = core.compile_model(core.read_model(path), "CPU", how)
    if streams == 1:
        request = model.create_infer_request()
        return lambda n: [request.infer([x]) for _ in range(n)]
    queue = ov.AsyncInferQueue(model)

    def run(n):
        for _ in range(n):
            queue.start_async([x])
        queue.wait_all()
    return run


def by_streams(functions):
    """One function that makes so many runs by these functions, at the same time, from one queue."""
    def run(n):
        queue = iter(range(n))

        def work(function):
            for _ in queue:
                function()
        others = [threading.Thread(target=work, args=[f]) for f in functions[1:]]
        for thread in others:
            thread.start()
        work(functions[0])
        for thread in others:
            thread.join()
    return run


def check(path, given, expected):
    session = onnxruntime_session(path, 2)
    want = np.load(expected)
    got = session.run(None, {session.get_inputs()[0].name: np.load(given)})[0]
    off = float(np.abs(got - want).max() / np.abs(want).max())
    if not off <= 1e-4:
        sys.exit(f"another network: outputs differ by {off:.1e} of the largest")
    print(f"{off:.1e}")


def main(engine, model, given, threads, streams):
    x = np.load(given)
    how = model, x, int(threads), int(streams)
    if engine == "onnxruntime":
        run = by_streams(onnxruntime(*how))
    elif engine.startswith("openvino"):
        run = openvino(*how, engine == "openvino-default")
    else:
        path, _, precision = engine.partition(":")
        run = by_streams(libdl4j(path, precision or "f32", *how))
    for line in sys.stdin:
        start = time.perf_counter()
        run(int(line))
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        check(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
