# SPDX-License-Identifier: Apache-2.0
"""Writes Keras Xceptions for DL4J's import, under the names of two well-known summaries.

    python keras_xception.py WORK

writes WORK/<case>.h5, and WORK/picture.npy with Keras' own WORK/predictions.npy of it; the cases'
weights are the same. oracle.KerasXception goes on from there. Needs what demo.py needs.
"""
import json
import os
import re
import sys

from demo import save  # first, as it chooses the Keras

import numpy as np
import tf_keras

# How many layers of each kind the session that saved the model had named before.
CASES = {
    "xception-seed000-beta7": {"input": 1, "conv2d": 1, "batch_normalization": 1, "add": 1},
    "xception-seed002-beta7": {"input": 3, "conv2d": 5, "batch_normalization": 5, "add": 29},
}


def renamed(model, first):
    """The model anew, its unnamed layers numbered from `first` on."""
    text = json.dumps(model.get_config())
    for kind, number in first.items():
        names = [l.name for l in model.layers if re.fullmatch(kind + r"(_\d+)?", l.name)]
        new = {old: "%s_%d" % (kind, number + i) for i, old in enumerate(names)}
        text = re.sub(r'"(%s(_\d+)?)"' % kind, lambda m: '"%s"' % new.get(m[1], m[1]), text)
    copy = tf_keras.Model.from_config(json.loads(text))
    copy.set_weights(model.get_weights())
    return copy


def vary_norms(model, rng):
    """Fresh batch normalizations do nothing, which would test nothing."""
    for layer in model.layers:
        if isinstance(layer, tf_keras.layers.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(low, high, n) for low, high in
                               ((0.75, 1.25), (-0.1, 0.1), (-0.1, 0.1), (0.5, 1.5))])


def main(work):
    os.makedirs(work, exist_ok=True)
    tf_keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    model = tf_keras.applications.Xception(weights=None)
    vary_norms(model, rng)
    picture = rng.uniform(-1, 1, (1, 299, 299, 3)).astype(np.float32)
    np.save(os.path.join(work, "picture.npy"), picture)
    np.save(os.path.join(work, "predictions.npy"), model.predict(picture, verbose=0))
    for case, first in CASES.items():
        save(renamed(model, first), os.path.join(work, case + ".h5"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
