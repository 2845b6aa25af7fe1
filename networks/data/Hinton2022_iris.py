#!/usr/bin/env python3
"""Writes Fisher's irises as forward-forward data beside this script, in the IDX format.

A flower is 20 bytes: each of its four features in five Gaussian fields (centres 0 to 1 of the feature's range in the training
set, deviation 0.15). Every fifth flower is for tests. Of each other flower the training set has four presentations, in random
order: twice with the right label given (positive, teacher on) and once with each wrong one (negative, teacher off). The sets
`assign` and `test` have each flower once, all three labels given. Needs numpy; the seed is fixed, so the files come out the same
each time.
"""
import pathlib

import numpy as np

here = pathlib.Path(__file__).resolve().parent
table = np.loadtxt(here.parent.parent / "datasets/iris/iris.csv", delimiter=",", skiprows=1)
features, species = table[:, :4], table[:, 4].astype(np.uint8)
is_test = np.arange(len(table)) % 5 == 4
low, high = features[~is_test].min(axis=0), features[~is_test].max(axis=0)
place = (features - low) / (high - low)
fields = np.exp(-((place[:, :, None] - np.linspace(0, 1, 5)) ** 2) / (2 * 0.15**2))
flowers = np.rint(255 * fields).astype(np.uint8).reshape(len(table), 20)


def write(name, array):
    """Bytes in the IDX format: two zeros, type 8, rank, sizes (big-endian), values."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    (here / f"Hinton2022_iris_{name}.idx").write_bytes(header + array.tobytes())


given = [(flower, label) for flower in np.flatnonzero(~is_test) for label in range(3)]
given += [(flower, species[flower]) for flower in np.flatnonzero(~is_test)]
order = np.random.Generator(np.random.PCG64(2022)).permutation(len(given))
flower, label = np.array(given)[order].T
write("train_flowers", flowers[flower])
write("train_given", (255 * (label[:, None] == np.arange(3))).astype(np.uint8))
write("train_teacher", (255 * (label == species[flower])[:, None]).astype(np.uint8))
write("train_species", species[flower])
for name, chosen in [("assign", ~is_test), ("test", is_test)]:
    write(f"{name}_flowers", flowers[chosen])
    write(f"{name}_given", np.full((chosen.sum(), 3), 255, np.uint8))
    write(f"{name}_species", species[chosen])
