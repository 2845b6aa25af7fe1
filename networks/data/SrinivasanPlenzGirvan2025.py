#!/usr/bin/env python3
"""Writes the input of SrinivasanPlenzGirvan2025.json beside this script: a number from -1 to 1, drawn anew every 20 ms for 120 s.

Needs numpy; the seed is fixed, so the file comes out the same each time.
"""
import pathlib

import numpy as np

STEP, STEPS = 20, 6000  # ms, number
values = np.random.Generator(np.random.PCG64(2025)).uniform(-1, 1, STEPS)
lines = ["time,amplitude"] + [f"{STEP * n},{value:.3f}" for n, value in enumerate(values)]
(pathlib.Path(__file__).resolve().with_suffix(".csv")).write_text("\n".join(lines) + "\n")
