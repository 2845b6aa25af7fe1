#!/usr/bin/env python3
"""Writes the stimulus of Grimaldi2023_motion.json beside this script: dots that move over 9 x 9 pixels in eight directions.

Grimaldi2023_<degrees>.csv     the paths of dots at 1 pixel per ms: source (a path), pixel 9*y + x, delay from the source
Grimaldi2023_<degrees>_rate.csv  dots on each path over time, Hz: first each direction in turn, then segments whose lengths are
                               Poisson numbers of mean 24 ms, each in a direction drawn anew
Needs numpy; the seed is fixed, so the files come out the same each time.
"""
import pathlib

import numpy as np

SIZE, DIRECTIONS = 9, 8
LEARN, LOOK = 2000, 16000  # ms: each direction while the layer learns; all of them afterwards
RATE = 60  # Hz, dots on each path
here = pathlib.Path(__file__).resolve().parent
random = np.random.Generator(np.random.PCG64(2023))
pixel_x, pixel_y = np.meshgrid(np.arange(SIZE), np.arange(SIZE))


def paths(direction):
    """Each pixel's path, and when a dot on it reaches the pixel: paths are lines of pixels in the direction."""
    dx, dy = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))[direction]
    across = pixel_x * dy - pixel_y * dx
    along = (pixel_x * dx + pixel_y * dy) / np.hypot(dx, dy)
    return across - across.min(), along - along.min() + 1


segments = [(direction, LEARN) for direction in range(DIRECTIONS)]
while sum(length for _, length in segments) < DIRECTIONS * LEARN + LOOK:
    segments.append((int(random.integers(DIRECTIONS)), max(1, int(random.poisson(24)))))
for direction in range(DIRECTIONS):
    path, delay = paths(direction)
    lines = ["pre,post,delay"] + [
        f"{path[y, x]},{SIZE * y + x},{round(float(delay[y, x]), 3)}" for y in range(SIZE) for x in range(SIZE)]
    (here / f"Grimaldi2023_{45 * direction}.csv").write_text("\n".join(lines) + "\n")
    time, now, lines = 0, -1, ["time,rate"]
    for one, length in segments:
        rate = RATE if one == direction else 0
        if rate != now:
            lines.append(f"{time},{rate}")
        time, now = time + length, rate
    (here / f"Grimaldi2023_{45 * direction}_rate.csv").write_text("\n".join(lines) + "\n")
