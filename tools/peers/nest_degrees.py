"""Writes degree statistics of NEST's connection rules: Tests/SNNModelsTests/Fixtures/connections/nest_degrees.json.

For each rule, 100 networks of 60 -> 40 neurons (or 50 neurons onto themselves, without autapses): mean and standard error of
the number of synapses, of the number of different pairs, and of the standard deviations of out- and in-degrees.

    PYNEST_QUIET=1 python tools/peers/nest_degrees.py
"""

import json
import pathlib

import nest
import numpy as np

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNModelsTests/Fixtures/connections/nest_degrees.json"
SEEDS = 100
RULES = {
    "all_to_all": [{}],
    "fixed_indegree": [{"indegree": 12}, {"indegree": 12, "allow_multapses": False}, {"indegree": 45, "allow_multapses": False}],
    "fixed_outdegree": [{"outdegree": 9}, {"outdegree": 9, "allow_multapses": False}],
    "fixed_total_number": [{"N": 700}],
    "pairwise_bernoulli": [{"p": 0.15}, {"p": 0.7}],
}


def statistics(rule, arguments, recurrent, seed):
    nest.ResetKernel()
    nest.rng_seed = seed
    sources = nest.Create("parrot_neuron", 50 if recurrent else 60)
    targets = sources if recurrent else nest.Create("parrot_neuron", 40)
    nest.Connect(sources, targets, {"rule": rule, "allow_autapses": False, **arguments})
    found = nest.GetConnections(sources, targets)
    pre = np.array(list(found.sources())) - sources[0].global_id
    post = np.array(list(found.targets())) - targets[0].global_id
    outdegrees = np.bincount(pre, minlength=len(sources))
    indegrees = np.bincount(post, minlength=len(targets))
    return len(pre), len(set(zip(pre, post))), outdegrees.std(), indegrees.std()


cases = []
for rule, variants in RULES.items():
    for arguments in variants:
        for recurrent in (False, True):
            rows = np.array([statistics(rule, arguments, recurrent, seed) for seed in range(1, SEEDS + 1)])
            names = ("synapses", "pairs", "out_sd", "in_sd")
            errors = rows.std(axis=0, ddof=1) / np.sqrt(SEEDS)
            cases.append({"rule": rule, "arguments": arguments, "recurrent": recurrent}
                         | {name: [round(float(m), 6), round(float(e), 6)] for name, m, e in zip(names, rows.mean(axis=0), errors)})
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
