#!/usr/bin/env python3
"""Turns the published mushroom-body adjacency matrices into lists of synapses that a projection reads.

    convert.py FOLDER

FOLDER holds mb_{left,right}_adjacency.csv.gz (rows presynaptic, blank-separated) and mb_{left,right}_cell_labels.csv.gz,
as in README.md. Writes mushroom_body_{left,right}_{from}_{to}.csv beside this script: pre and post count from 0 within
their cell class in the order of the matrix; weight is the number of synapses. Prints the sizes of the classes. Needs numpy.
"""
import gzip
import pathlib
import sys

import numpy as np

folder, here = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).resolve().parent
classes = {"P": "PN", "K": "KC", "I": "MBIN", "O": "MBON"}
for side in ("left", "right"):
    matrix = np.loadtxt(gzip.open(folder / f"mb_{side}_adjacency.csv.gz"), dtype=int)
    labels = np.array(gzip.open(folder / f"mb_{side}_cell_labels.csv.gz", "rt").read().split())
    print(side, {name: int((labels == label).sum()) for label, name in classes.items()})
    for source, source_name in classes.items():
        for target, target_name in classes.items():
            block = matrix[np.ix_(labels == source, labels == target)]
            if not block.any():
                continue
            lines = ["pre,post,weight"] + [f"{pre},{post},{block[pre, post]}" for pre, post in np.argwhere(block)]
            (here / f"mushroom_body_{side}_{source_name}_{target_name}.csv").write_text("\n".join(lines) + "\n")
