"""NEST and snnsim on the same network, in turn on the same machine: build and simulation time, memory, rates.

Both simulate one network file (NEST through nest_network.py), draw connections, initial values and Poisson trains, and record
all spikes: snnsim into spikes.h5, NEST into memory. NEST's simulation time is that of `nest.Run`; its preparation counts as
building. Each simulation is a process of its own, and NEST and snnsim take turns, so that both see the same machine. Run
it on a machine that does nothing else.

    python tools/peers/speed.py [--network networks/Brunel2000.json] [--set path=value] [--duration 1000] [--pairs 5]
                                [--threads 1,2] [--json OUT.json]
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SNNSIM_BINARY", str(ROOT / ".build/release/snnsim"))
TIMES = ("build_s", "simulate_s", "total_s", "cpu_s")


def timed(*arguments, **options):
    """Runs a process; what it printed, its wall time and its processor time (which other load disturbs less), all in s."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    found = subprocess.run(*arguments, check=True, capture_output=True, text=True, **options)
    total = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found.stdout, {"total_s": total, "cpu_s": cpu}


def snnsim(options, threads, seed):
    with tempfile.TemporaryDirectory() as folder:
        sets = [word for assignment in options.set for word in ("--set", assignment)]
        run = [BINARY, "run", options.network, *sets, "--duration", str(options.duration), "--seed", str(seed),
               "--threads", str(threads), "--json", "--output", os.path.join(folder, "out")]
        output, times = timed(run)
        report = json.loads(output)
    rates = {name: entry["mean_rate_hz"] for name, entry in report["populations"].items()}
    return {"build_s": report["build_s"], "simulate_s": report["simulate_s"], **times, "peak_rss_mb": report["peak_rss_mb"],
            "rates_hz": rates}


def peer(options, threads, seed):
    request = {"resolved": options.resolved, "duration": options.duration, "threads": threads, "seed": seed}
    output, times = timed([sys.executable, __file__, "--as-nest"], input=json.dumps(request),
                          env={**os.environ, "PYNEST_QUIET": "1"})
    return {**json.loads(output.splitlines()[-1]), **times}


def as_nest():
    """One simulation in NEST; the request comes on standard input."""
    import nest
    from nest_network import NestNetwork

    request = json.load(sys.stdin)
    began = time.perf_counter()
    network = NestNetwork(request["resolved"], request["seed"], request["threads"])
    nest.Prepare()
    built = time.perf_counter()
    nest.Run(request["duration"])
    simulated = time.perf_counter()
    nest.Cleanup()
    rates = {
        name: 1000 * recorder.n_events / (len(network.populations[name]) * request["duration"])
        for name, recorder in network.recorders.items()
    }
    print(json.dumps({
        "build_s": built - began, "simulate_s": simulated - built,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, "rates_hz": rates,
    }))


def load():
    return float(Path("/proc/loadavg").read_text().split()[0])


def compare(options, threads):
    runs = {"nest": [], "snnsim": []}
    loads = []
    for pair in range(options.pairs):
        loads.append(load())
        runs["nest"].append(peer(options, threads, pair + 1))
        runs["snnsim"].append(snnsim(options, threads, pair + 1))
        print(f"threads {threads}, pair {pair + 1}: NEST {runs['nest'][-1]['simulate_s']:.2f} s, snnsim "
              f"{runs['snnsim'][-1]['simulate_s']:.2f} s", file=sys.stderr)
    median = lambda who, key: statistics.median(run[key] for run in runs[who])
    ratio = lambda key: statistics.median(n[key] / s[key] for n, s in zip(runs["nest"], runs["snnsim"]))
    keys = (*TIMES, "peak_rss_mb")
    rate = lambda who, name: statistics.mean(run["rates_hz"][name] for run in runs[who])
    return {
        "threads": threads, "pairs": options.pairs, "load": loads,
        "nest": {key: median("nest", key) for key in keys}, "snnsim": {key: median("snnsim", key) for key in keys},
        "ratio": {key: ratio(key) for key in keys},
        "rates_hz": {name: [rate("nest", name), rate("snnsim", name)] for name in runs["nest"][0]["rates_hz"]},
        "runs": runs,
    }


def table(found):
    lines = [f"{'':22}{'NEST':>10}{'snnsim':>10}{'ratio':>8}"]
    for key in (*TIMES, "peak_rss_mb"):
        row = f"{found['nest'][key]:10.2f}{found['snnsim'][key]:10.2f}{found['ratio'][key]:8.2f}"
        lines.append(f"{key:22}{row}")
    for name, (theirs, ours) in found["rates_hz"].items():
        lines.append(f"{'rate ' + name + ' (Hz)':22}{theirs:10.3f}{ours:10.3f}")
    loads = ", ".join(f"{x:.1f}" for x in found["load"])
    return "\n".join([f"{found['threads']} threads, medians of {found['pairs']} pairs, load before each: {loads}", *lines])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", default=str(ROOT / "networks/Brunel2000.json"))
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--duration", type=float, default=1000.0)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--json")
    options = parser.parse_args()

    from nest_network import resolve

    options.resolved = resolve(options.network, options.set)
    found = [compare(options, int(threads)) for threads in options.threads.split(",")]
    print("\n\n".join(map(table, found)))
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--as-nest"]:
        as_nest()
    else:
        main()
