#!/usr/bin/env python3
"""Writes the points of Meszaros2025_yinyang.json beside this script: 6,000 points of the Yin-Yang set.

Kriener, Göltz & Petrovici (2022), doi:10.1145/3517343.3517380: yin, yang and their dots in a circle of radius 0.5 about
(0.5, 0.5), as many of each; a point comes with its mirror images 1 - x and 1 - y, and with a 1 for a spike at the beginning.
The seed is fixed, so the file comes out the same each time.
"""
import math
import pathlib
import random

RADIUS, DOT = 0.5, 0.1
CLASSES = ["yin", "yang", "dot"]


def which(x, y):
    right, left = math.hypot(x - 1.5 * RADIUS, y - RADIUS), math.hypot(x - 0.5 * RADIUS, y - RADIUS)
    if min(right, left) < DOT:
        return "dot"
    return "yin" if left <= 0.5 * RADIUS or (y > RADIUS and right > 0.5 * RADIUS) else "yang"


draws = random.Random(2025)
lines = ["x,y,x_mirrored,y_mirrored,start,class"]
for n in range(6000):
    wanted = CLASSES[(n + n // 6) % 3]  # so that every sixth point is of each class by turns
    while True:
        x, y = 2 * RADIUS * draws.random(), 2 * RADIUS * draws.random()
        if math.hypot(x - RADIUS, y - RADIUS) <= RADIUS and which(x, y) == wanted:
            break
    lines.append(f"{x:.4f},{y:.4f},{1 - x:.4f},{1 - y:.4f},1,{wanted}")
pathlib.Path(__file__).resolve().with_suffix(".csv").write_text("\n".join(lines) + "\n")
