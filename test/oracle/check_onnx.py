#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exports golden cases as ONNX, and compares what ONNX Runtime makes of them with DL4J's outputs.

    check_onnx.py DL4J DATA/golden [CASE-PREFIX...]

Needs numpy, onnx and onnxruntime. A case that cannot be exported is named with the reason; one with
masks has no counterpart and is left out. Exits with 1 when an output differs by more than 1e-5 of its
largest value (half and bfloat16, whose every step DL4J rounds: 1e-2, 6e-2).
"""
import os
import re
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

TOLERANCE = {"half": 1e-2, "bfloat16": 6e-2}


def file_name(name):
    return re.sub("[^A-Za-z0-9_.-]", "_", name) + ".npy"


def check(dl4j, case, path):
    types = [line.strip() for line in open(f"{case}/input-types")]
    inputs = {name[:-4]: numpy.load(f"{case}/in/{name}") for name in os.listdir(f"{case}/in")}
    batch = len(next(iter(inputs.values())))
    command = [dl4j, "export", f"{case}/model.zip", "--onnx", path, "-b", str(batch), "--all"]
    for text in types:
        command += ["--input-type", text]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr.strip().split("model.zip: ")[-1]
    model = onnx.load(path)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feed = {i.name: inputs[file_name(i.name)[:-4]] for i in session.get_inputs()}
    if os.path.isdir(f"{case}/normalized"):
        feed = {n: numpy.load(f"{case}/normalized/{file_name(n)}") for n in feed}
    worst, of = 0, ""
    wanted = numpy.load(f"{case}/out.npz")
    for out, got in zip(session.get_outputs(), session.run(None, feed)):
        if file_name(out.name)[:-4] not in wanted:
            continue
        want = wanted[file_name(out.name)[:-4]]
        if want.shape != got.shape:
            return 9, f"{out.name}: {got.shape}, not {want.shape}"
        off = numpy.abs(want - got).max() / (numpy.abs(want).max() or 1)
        if not off <= worst:
            worst, of = off, out.name
    return worst, of


def main(dl4j, folder, *prefixes):
    counts = {"ok": 0, "not ok": 0, "refused": 0}
    for name in sorted(os.listdir(folder)):
        case = f"{folder}/{name}"
        if prefixes and not name.startswith(prefixes):
            continue
        if os.path.isdir(f"{case}/mask") or not os.path.exists(f"{case}/input-types"):
            continue
        with tempfile.TemporaryDirectory() as work:
            try:
                worst, of = check(dl4j, case, f"{work}/model.onnx")
            except Exception as trouble:  # what ONNX or its runtime refuses
                worst, of = 9, str(trouble)[:300]
        most = next((t for word, t in TOLERANCE.items() if word in name), 1e-5)
        verdict = "refused" if worst is None else "ok" if worst <= most else "not ok"
        counts[verdict] += 1
        print(f"{verdict} {name}:", of if worst is None else f"{worst:.1e} {of}")
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    sys.exit(counts["not ok"] > 0)


main(*sys.argv[1:])
