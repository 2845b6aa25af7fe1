#!/usr/bin/env python3
"""Writes the spikes of Sjostrom2001.json beside this script: 60 of each train, at 0.1, 10, 20, 40 and 50 Hz (trains 0 to 4)."""
import pathlib

lines = ["time_ms,id"] + [f"{100 + 1000 * n / rate:g},{train}" for train, rate in enumerate((0.1, 10, 20, 40, 50)) for n in range(60)]
pathlib.Path(__file__).resolve().with_suffix(".csv").write_text("\n".join(lines) + "\n")
