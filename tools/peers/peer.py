"""One simulation in NEST or Brian2, asked for on standard input; `snnsim bench` calls this, a process for each simulation.

    echo '{"resolved": …, "duration": 1000, "threads": 1, "seed": 1, "folder": "…"}' | python tools/peers/peer.py --simulator nest

`resolved` is what `snnsim check --resolved` prints; `folder` keeps Brian2's program, which is compiled on the first call with that
folder. The last line of the answer is a JSON object:

    version                     of the simulator
    build_s, simulate_s         NEST: creating and preparing; nest.Run. Brian2: the program's own start, which reads and sorts the
                                connections; the run as Brian2 itself times it
    compile_s, draw_s           Brian2: once for each program: generating and compiling C++; drawing the connections in Python
    peak_rss_mb                 of the simulating process, in units of 10^6 bytes
    rates_hz, spikes            by population; of all
    synapses, synaptic_events   of the connection rules; spikes times mean out-degrees, of Poisson sources as many as expected
    mean_weights                at the end, by projection that learns; of NEST up to a million synapses in all
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def nest(request):
    import resource

    import nest as simulator
    from nest_network import NestNetwork

    began = time.perf_counter()
    network = NestNetwork(request["resolved"], request["seed"], request["threads"])
    simulator.Prepare()
    built = time.perf_counter()
    simulator.Run(request["duration"])
    simulated = time.perf_counter()
    simulator.Cleanup()
    found = {
        "version": f"NEST {simulator.__version__}", "build_s": built - began, "simulate_s": simulated - built,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "counts": {name: recorder.n_events for name, recorder in network.recorders.items()},
    }
    # NEST lists connections as Python objects. Its weights are those of each synapse's last presynaptic spike.
    if simulator.num_connections < 1e6:
        weights = {name: simulator.GetConnections(synapse_model=model).get("weight") for name, model in network.plastic.items()}
        found["mean_weights"] = {name: mean(values) for name, values in weights.items()}
    return found


def mean(values):
    import numpy as np

    return float(np.mean(values))


def brian2(request):
    folder = pathlib.Path(request["folder"])
    about = folder / "program.json"
    if not about.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # In a process of its own: the peak memory of the program counts from that of the process which starts it.
        compiling = [sys.executable, str(HERE / "brian2_network.py"), str(folder)]
        subprocess.run(compiling, input=json.dumps(request), text=True, check=True, stdout=sys.stderr)
    about = json.loads(about.read_text())
    program = folder / "program"
    os.chdir(program)
    began = time.perf_counter()
    _, status, used = os.wait4(os.posix_spawn("./main", ["./main"], os.environ), 0)
    wall = time.perf_counter() - began
    if status != 0:
        sys.exit(f"Brian2's program ended with status {status}")
    simulated = float((program / "results/simulated_s.txt").read_text())
    import numpy as np

    ids = [np.fromfile(next((program / "results").glob(f"_dynamic_array_spikes_{i}_i_*")), np.int32) for i in
           range(1 + max(group for group, _, _ in about["places"].values()))]
    inside = lambda group, start, size: int(np.count_nonzero((ids[group] >= start) & (ids[group] < start + size)))
    return {
        "version": f"Brian2 {about['version']}", "build_s": wall - simulated, "simulate_s": simulated,
        "compile_s": about["compile_s"], "draw_s": about["draw_s"], "peak_rss_mb": used.ru_maxrss * 1024 / 1e6,
        "counts": {name: inside(*place) for name, place in about["places"].items()},
        "mean_weights": {
            name: mean(np.fromfile(next((program / "results").glob(f"_dynamic_array_{synapses}_w_*"))))
            for name, synapses in about["plastic"].items()},
    }


def connections(resolved, counts, duration):
    """Synapses that the rules make, and how many spikes pass them: sums over pairs of populations."""
    synapses = events = 0.0
    size = {name: entry["size"] for name, entry in resolved["populations"].items()}
    sources = {name: entry for name, entry in resolved.get("inputs", {}).items() if "size" in entry}
    size |= {name: entry["size"] for name, entry in sources.items()}
    counts = counts | {name: entry["size"] * entry["rate"] * duration / 1000 for name, entry in sources.items()}
    for entry in resolved.get("projections", {}).values():
        rule = entry["rule"]
        for source in entry["source"]:
            for target in entry["target"]:
                made = {
                    "fixed_indegree": lambda: rule["k"] * size[target], "fixed_outdegree": lambda: rule["k"] * size[source],
                    "all_to_all": lambda: size[source] * size[target], "fixed_total_number": lambda: rule["n"],
                    "pairwise_bernoulli": lambda: rule["p"] * size[source] * size[target],
                }[rule["type"]]()
                synapses += made
                events += made / size[source] * counts[source]
    return {"synapses": round(synapses), "synaptic_events": round(events)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--simulator", choices=("nest", "brian2"), required=True)
    simulator = parser.parse_args().simulator
    request = json.load(sys.stdin)
    found = {"nest": nest, "brian2": brian2}[simulator](request)
    counts = found.pop("counts")
    size = {name: entry["size"] for name, entry in request["resolved"]["populations"].items()}
    found["rates_hz"] = {name: 1000 * count / (size[name] * request["duration"]) for name, count in counts.items()}
    found["spikes"] = sum(counts.values())
    print(json.dumps({**found, **connections(request["resolved"], counts, request["duration"])}))


if __name__ == "__main__":
    main()
