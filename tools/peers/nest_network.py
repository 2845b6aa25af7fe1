#!/usr/bin/env python3
"""Runs a network file in snnsim and in NEST over several seeds and compares rate, CV of ISI and correlation.

    nest_network.py networks/Brunel2000.json --seeds 5 [--from 100] [--json FILE] [--set path=value ...]

NEST builds what `snnsim check --resolved` prints. Needs nest, numpy, h5py and the release binary ($SNNSIM_BINARY).
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import h5py
import numpy as np

root = pathlib.Path(__file__).resolve().parent.parent.parent
binary = os.environ.get("SNNSIM_BINARY", str(root / ".build/release/snnsim"))
options = argparse.ArgumentParser()
options.add_argument("network")
options.add_argument("--seeds", type=int, default=5)
options.add_argument("--set", action="append", default=[])
options.add_argument("--from", type=float, default=0, dest="begin", help="ms left out at the start")
options.add_argument("--duration")
options.add_argument("--json", help="where to keep the numbers")
options = options.parse_args()
changes = [word for change in options.set for word in ("--set", change)]
if options.duration:
    changes += ["--duration", options.duration]


def snnsim(*arguments):
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True).stdout


def statistics(times, ids, size, begin, end):
    """Rate (Hz); mean CV over neurons with three spikes or more; mean correlation of counts in 2 ms.

    As `snnsim analyze` defines them, but the correlation takes the first 200 neurons with spikes instead of a draw.
    """
    inside = times > begin
    times, ids = times[inside], ids[inside]
    order = np.lexsort((times, ids))
    times, ids = times[order], ids[order]
    gaps, same = np.diff(times), np.diff(ids) == 0
    gaps, owner = gaps[same], ids[1:][same]
    number = np.bincount(owner, minlength=size)
    mean = np.bincount(owner, gaps, size) / np.maximum(number, 1)
    square = np.bincount(owner, gaps**2, size) / np.maximum(number, 1)
    enough = number >= 2
    cv = np.sqrt(np.maximum(square - mean**2, 0))[enough] / mean[enough]
    active = np.unique(ids)[:200]
    bins = round((end - begin) / 2)
    counts = np.zeros((len(active), bins))
    chosen = np.isin(ids, active)
    np.add.at(counts, (np.searchsorted(active, ids[chosen]), ((times[chosen] - begin) / 2 - 1e-9).astype(int)), 1)
    pairs = np.corrcoef(counts)[np.triu_indices(len(counts), 1)] if len(counts) > 1 else np.array([np.nan])
    return {
        "rate": len(times) / size / (end - begin) * 1000,
        "cv": float(cv.mean()) if len(cv) else np.nan,
        "correlation": float(pairs.mean()),
    }


def ours(network, seed):
    with tempfile.TemporaryDirectory() as folder:
        snnsim("run", options.network, "--seed", str(seed), "--quiet", "--output", folder + "/out", *changes)
        with h5py.File(folder + "/out/spikes.h5") as file:
            for name, population in network["populations"].items():
                group = file["spikes"][name]
                yield name, group["timestamps"][:], group["node_ids"][:].astype(int), population["size"]


def nests(network, seed):
    import nest

    def value(given):
        if not isinstance(given, dict):
            return given
        if "file" in given:
            return np.load(given["file"])
        if given["dist"] == "uniform":
            return nest.random.uniform(given["low"], given["high"])
        if given["dist"] != "normal":
            sys.exit(f"the distribution {given['dist']} has no translation")
        draw = nest.random.normal(given["mean"], given["sd"])
        if "min" in given or "max" in given:
            draw = nest.math.redraw(draw, given.get("min", -1e9), given.get("max", 1e9))
        return draw

    nest.ResetKernel()
    nest.set(resolution=network["run"]["resolution"], rng_seed=seed, local_num_threads=1)
    nodes, recorders = {}, {}
    for name, population in network["populations"].items():
        nodes[name] = nest.Create(population["model"], population["size"])
        for key, given in {**population["params"], **population["init"]}.items():
            nodes[name].set(**{key: value(given)})
        recorders[name] = nest.Create("spike_recorder")
        nest.Connect(nodes[name], recorders[name])
    for entry in network["inputs"].values():
        window = {"start": entry["start"], **({"stop": entry["stop"]} if "stop" in entry else {})}
        if entry["type"] == "poisson":
            device = nest.Create("poisson_generator", params={"rate": entry["rate"], **window})
        elif entry["type"] == "noise":
            device = nest.Create("noise_generator", params={"mean": entry["mean"], "std": entry["std"], "dt": entry["dt"], **window})
        else:
            sys.exit(f"the input {entry['type']} has no translation")
        for name in entry["target"]:
            targets = nodes[name] if "ids" not in entry else nodes[name][entry["ids"]]
            nest.Connect(device, targets, syn_spec={"weight": entry["weight"], "delay": entry["delay"]})
    keys = {"fixed_indegree": {"k": "indegree"}, "fixed_total_number": {"n": "N"}, "all_to_all": {}}
    for entry in network["projections"].values():
        rule = dict(entry["rule"])
        kind = rule.pop("type")
        spec = {"rule": kind, "allow_autapses": rule.pop("autapses"), "allow_multapses": rule.pop("multapses", True)}
        spec |= {keys[kind][key]: given for key, given in rule.items()}
        for source in entry["source"]:
            for target in entry["target"]:
                nest.Connect(nodes[source], nodes[target], conn_spec=spec,
                             syn_spec={"weight": value(entry["weight"]), "delay": value(entry["delay"])})
    nest.Simulate(network["run"]["duration"])
    for name, population in network["populations"].items():
        events = recorders[name].events
        yield name, np.asarray(events["times"]), np.asarray(events["senders"]) - nodes[name][0].global_id, population["size"]


network = json.loads(snnsim("check", options.network, "--resolved", *changes))
end = network["run"]["duration"]
found = {}
for program, runs in (("snnsim", ours), ("NEST", nests)):
    for seed in range(1, options.seeds + 1):
        for name, times, ids, size in runs(network, seed):
            for key, number in statistics(times, ids, size, options.begin, end).items():
                found.setdefault(name, {}).setdefault(key, {}).setdefault(program, []).append(number)
print(f"{'population':12} {'':12} {'snnsim':>18} {'NEST':>18} {'sd apart':>9}")
for name, rows in found.items():
    for key, both in rows.items():
        (m, s), (n, t) = [(np.nanmean(both[p]), np.nanstd(both[p], ddof=1)) for p in ("snnsim", "NEST")]
        apart = abs(m - n) / max(np.sqrt((s**2 + t**2) / 2), 1e-12)
        print(f"{name:12} {key:12} {m:9.4f} ± {s:6.4f} {n:9.4f} ± {t:6.4f} {apart:9.2f}")
if options.json:
    rounded = {name: {key: [float(f"{x:.6g}") for x in both["NEST"]] for key, both in rows.items()} for name, rows in found.items()}
    text = json.dumps({"changes": changes, "from": options.begin, "nest": rounded}, indent=1)
    pathlib.Path(options.json).write_text(re.sub(r"\s*\n\s{3,}([-\d.\]])", r" \1", text).replace("[ ", "[").replace(" ]", "]") + "\n")
