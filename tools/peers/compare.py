"""Runs a network file in snnsim and in NEST over several seeds and compares mean rate, CV of intervals and correlation.

    python tools/peers/compare.py networks/Brunel2000.json [--seeds 5] [--duration 1000] [--from 200] [--set path=value ...]

Prints, for each population and statistic, mean and standard deviation over the seeds of both, and how many standard errors
of the difference lie between the means. Statistics are those of nest_statistics.py, which keeps the fixtures of the tests.
"""

import argparse
import json
import os
import subprocess
import tempfile

import numpy as np
from nest_network import BINARY, NestNetwork, resolve
from nest_statistics import STATISTICS, measure


def ours(options, duration, seed):
    """Per population the statistics of one run of snnsim, as `snnsim analyze` gives them."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        sets = [word for assignment in options.set for word in ("--set", assignment)]
        run = [BINARY, "run", options.network, *sets, "--duration", str(duration), "--seed", str(seed), "--quiet", "--output", out]
        subprocess.run(run, check=True)
        text = subprocess.run([BINARY, "analyze", out, "--from", str(options.begin), "--json"], check=True, capture_output=True)
        return json.loads(text.stdout)["populations"]


def theirs(options, resolved, duration, seed):
    network = NestNetwork(resolved, seed)
    network.simulate(duration)
    rng = np.random.default_rng(seed)
    return {
        name: measure(*network.spikes(name), len(neurons), options.begin, duration, rng)
        for name, neurons in network.populations.items()
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--duration", type=float, help="ms; the network file's unless given")
    parser.add_argument("--from", type=float, default=200.0, dest="begin", help="ms left out at the start")
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    resolved = resolve(options.network, options.set)
    duration = options.duration or resolved["run"]["duration"]
    seeds = range(1, options.seeds + 1)
    both = [[ours(options, duration, seed) for seed in seeds], [theirs(options, resolved, duration, seed) for seed in seeds]]
    print(f"{'population':12} {'':14} {'snnsim':>20} {'NEST':>20} {'standard errors':>16}")
    for name in resolved["populations"]:
        for statistic in STATISTICS:
            values = [np.array([run[name][statistic] for run in runs], float) for runs in both]
            (m, s), (n, t) = [(v.mean(), v.std(ddof=1)) for v in values]
            apart = (m - n) / np.sqrt((s**2 + t**2) / options.seeds)
            print(f"{name:12} {statistic:14} {m:10.4f} ± {s:7.4f} {n:10.4f} ± {t:7.4f} {apart:+16.2f}")


if __name__ == "__main__":
    main()
