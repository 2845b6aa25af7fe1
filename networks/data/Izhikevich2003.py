#!/usr/bin/env python3
"""Writes the parameters of the 1,000 cells of Izhikevich (2003), doi:10.1109/TNN.2003.820440, beside this script.

With r uniform in [0, 1): excitatory c = -65 + 15 r^2, d = 8 - 6 r^2; inhibitory a = 0.02 + 0.08 r, b = 0.25 - 0.05 r.
All start at v = -65 mV with u = b v. Needs numpy; the seed is fixed, so the files come out the same each time.
"""
import pathlib

import numpy as np

here = pathlib.Path(__file__).resolve().parent
random = np.random.Generator(np.random.PCG64(2003))
excitatory, inhibitory = random.random(800), random.random(200)
columns = {
    "E_c": -65 + 15 * excitatory**2,
    "E_d": 8 - 6 * excitatory**2,
    "I_a": 0.02 + 0.08 * inhibitory,
    "I_b": 0.25 - 0.05 * inhibitory,
    "I_u": (0.25 - 0.05 * inhibitory) * -65,
}
for name, values in columns.items():
    np.save(here / f"Izhikevich2003_{name}.npy", values)
