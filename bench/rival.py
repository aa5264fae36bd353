# SPDX-License-Identifier: Apache-2.0
"""Times another engine as `dl4j bench` times libdl4j:

    python rival.py ENGINE MODEL.onnx THREADS STREAMS RUNS

ENGINE: onnxruntime; openvino in float32; openvino-default in the precision that it chooses itself.
Streams are sessions of that many threads each, running at the same time (OpenVINO: as many as it likes
with its hint THROUGHPUT). Prints JSON. With --check IN.npy OUT.npy: ONNX Runtime's outputs must be
those of the file within 1e-4 of the largest."""
import json
import sys
import threading
import time

import numpy as np


def onnxruntime_session(path, threads):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])


def time_onnxruntime(path, threads, streams, runs):
    sessions = [onnxruntime_session(path, threads) for _ in range(streams)]
    given = sessions[0].get_inputs()[0]
    x = np.random.default_rng(1).uniform(-1, 1, given.shape).astype(np.float32)
    taken = [[] for _ in sessions]

    def work(session, times):
        for _ in range(runs):
            start = time.perf_counter()
            session.run(None, {given.name: x})
            times.append(1e3 * (time.perf_counter() - start))

    for session in sessions:
        session.run(None, {given.name: x})
        session.run(None, {given.name: x})
    start = time.perf_counter()
    workers = [threading.Thread(target=work, args=pair) for pair in zip(sessions, taken)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    wall = time.perf_counter() - start
    return float(np.median(sum(taken, []))), x.shape[0] * runs * streams / wall


def time_openvino(path, threads, streams, runs, default):
    import openvino
    how = {"INFERENCE_NUM_THREADS": threads * streams,
           "PERFORMANCE_HINT": "THROUGHPUT" if streams > 1 else "LATENCY"}
    if not default:
        how["INFERENCE_PRECISION_HINT"] = "f32"
    core = openvino.Core()
    model = core.compile_model(core.read_model(path), "CPU", how)
    x = np.random.default_rng(1).uniform(-1, 1, model.inputs[0].shape).astype(np.float32)
    queue = openvino.AsyncInferQueue(model, streams if streams == 1 else 0)
    request = model.create_infer_request()
    taken = []
    for _ in range(2):
        request.infer([x])
    if streams == 1:
        for _ in range(runs):
            start = time.perf_counter()
            request.infer([x])
            taken.append(1e3 * (time.perf_counter() - start))
    start = time.perf_counter()
    for _ in range(runs * streams if streams > 1 else 0):
        queue.start_async([x])
    queue.wait_all()
    wall = time.perf_counter() - start
    return float(np.median(taken or [0])), x.shape[0] * runs * streams / wall


def check(path, given, expected):
    session = onnxruntime_session(path, 2)
    want = np.load(expected)
    got = session.run(None, {session.get_inputs()[0].name: np.load(given)})[0]
    off = float(np.abs(got - want).max() / np.abs(want).max())
    if not off <= 1e-4:
        sys.exit(f"another network: outputs differ by {off:.1e} of the largest")
    print(f"{off:.1e}")


if __name__ == "__main__":
    engine, path = sys.argv[1:3]
    if engine == "--check":
        check(path, *sys.argv[3:5])
    else:
        numbers = list(map(int, sys.argv[3:6]))
        p50, rate = time_onnxruntime(path, *numbers) if engine == "onnxruntime" else \
            time_openvino(path, *numbers, engine == "openvino-default")
        print(json.dumps({"p50_ms": p50, "images_per_s": rate}))
