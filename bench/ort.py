# SPDX-License-Identifier: Apache-2.0
"""Times ONNX Runtime as `dl4j bench` times libdl4j: python ort.py MODEL.onnx BATCH THREADS STREAMS
RUNS. Streams are sessions of that many threads each, running at the same time. Prints JSON."""
import json
import sys
import threading
import time

import numpy as np
import onnxruntime


def main(path, batch, threads, streams, runs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    sessions = [onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
                for _ in range(streams)]
    given = sessions[0].get_inputs()[0]
    x = np.random.default_rng(1).uniform(-1, 1, [batch] + given.shape[1:]).astype(np.float32)
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
    print(json.dumps({"p50_ms": float(np.median(sum(taken, []))),
                      "images_per_s": batch * runs * streams / wall}))


main(sys.argv[1], *map(int, sys.argv[2:6]))
