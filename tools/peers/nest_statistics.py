"""Rates, irregularity and correlations of whole networks in NEST: Tests/SNNSimTests/Fixtures/nest/statistics/NAME.json.

Each case is one network file with changes (`--set`), simulated by NEST for the same time with several seeds; a seed draws
connections, initial values and Poisson trains anew. Statistics per population are those of `snnsim analyze --from T`:

    rate_mean_hz  spikes per neuron and second, silent neurons included
    cv_isi        σ/μ of the intervals (ddof 0), mean over the neurons with three spikes or more
    correlation   Pearson correlation of counts in bins of 2 ms, mean over the pairs of 200 neurons drawn from those that
                  spiked

and the fixture holds their values seed by seed. Needs the command `snnsim` (see nest_network.py), Elephant and NEST:

    PYNEST_QUIET=1 python tools/peers/nest_statistics.py [NAME ...]
"""

import json
import sys
import time

import elephant
import nest
import neo
import numpy as np
import quantities as pq
from elephant import spike_train_correlation, statistics
from elephant.conversion import BinnedSpikeTrain
from nest_network import ROOT, NestNetwork, resolve

OUT = ROOT / "Tests/SNNSimTests/Fixtures/nest/statistics"
NEURONS = 200
STATISTICS = ("rate_mean_hz", "cv_isi", "correlation")
BIN = 2.0

# Network file, changes, duration and start of the statistics in ms, seeds of NEST, seeds of snnsim in the test. The microcircuit
# has 24 statistics, one of which would often lie three standard errors apart by chance with five seeds each.
CASES = {
    "Brunel2000": ("networks/Brunel2000.json", [], 600.0, 200.0, 5, 5),
    "VogelsAbbott2005_CUBA": ("networks/VogelsAbbott2005_CUBA.json", [], 1200.0, 200.0, 5, 5),
    "VogelsAbbott2005_COBA": ("networks/VogelsAbbott2005_COBA.json", [], 1200.0, 200.0, 5, 5),
    "PotjansDiesmann2014": ("networks/PotjansDiesmann2014.json", ["parameters.scale=0.1"], 1200.0, 200.0, 20, 10),
}


def measure(times, ids, size, start, stop, rng):
    inside = (times >= start - 1e-9) & (times <= stop + 1e-9)
    order = np.lexsort((times[inside], ids[inside]))
    trains = np.split(times[inside][order], np.cumsum(np.bincount(ids[inside], minlength=size))[:-1])
    cvs = [statistics.cv(np.diff(t)) for t in trains if len(t) >= 3]
    spiking = [i for i, t in enumerate(trains) if len(t) > 0]
    drawn = rng.choice(spiking, min(NEURONS, len(spiking)), replace=False)
    # Spikes stand on the grid, so a hair's breadth keeps those at the two ends inside.
    chosen = [neo.SpikeTrain(np.clip(trains[i], start, stop) * pq.ms, t_start=start * pq.ms, t_stop=stop * pq.ms) for i in drawn]
    binned = BinnedSpikeTrain(chosen, bin_size=BIN * pq.ms, t_start=start * pq.ms, t_stop=stop * pq.ms, tolerance=1e-8)
    pairs = spike_train_correlation.correlation_coefficient(binned)[np.triu_indices(len(chosen), 1)]
    return {
        "rate_mean_hz": 1000 * int(inside.sum()) / (size * (stop - start)),
        "cv_isi": float(np.mean(cvs)),
        "correlation": float(np.nanmean(pairs)),
    }


def case(name):
    path, assignments, duration, start, seeds, test_seeds = CASES[name]
    resolved = resolve(ROOT / path, assignments)
    found = {population: {} for population in resolved["populations"]}
    for seed in range(1, seeds + 1):
        began = time.time()
        network = NestNetwork(resolved, seed)
        network.simulate(duration)
        rng = np.random.default_rng(seed)
        for population, neurons in network.populations.items():
            times, ids = network.spikes(population)
            for key, number in measure(times, ids, len(neurons), start, duration, rng).items():
                found[population].setdefault(key, []).append(round(number, 8))
        print(name, "seed", seed, f"{time.time() - began:.1f} s", flush=True)
    return {
        "name": name, "source": f"NEST {nest.__version__}, statistics by Elephant {elephant.__version__}",
        "network": path, "set": assignments, "duration": duration, "from": start, "testSeeds": test_seeds,
        "comment": "Same parameters and laws of the initial values, V_m included, as the network file's; connections, "
        "initial values and Poisson trains drawn anew by NEST for each seed. Known differences: none in the dynamics of the "
        "current-based models; NEST integrates conductance-based ones with an adaptive Runge-Kutta method. A Poisson spike may "
        "be emitted at the end of the first step, in both.",
        "populations": found,
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or CASES:
        (OUT / f"{name}.json").write_text(json.dumps(case(name), indent=1) + "\n")
