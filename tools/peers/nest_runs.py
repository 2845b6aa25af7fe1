"""Small networks and what NEST makes of them: Tests/SNNSimTests/Fixtures/nest/networks/NAME.json.

Each fixture holds a whole network file ("network") together with NEST's spike times and V_m ("spikes", "V_m" per
population), so that a test can give the file to `snnsim run` and compare what lies in the results directory. Single neurons
of every model under every kind of input, a small recurrent network with a delay and a weight of its own for each synapse, and
the exact engine beside `iaf_psc_*_ps`.

    PYNEST_QUIET=1 python tools/peers/nest_runs.py [NAME ...]
"""

import json
import sys
import tempfile

import nest
import numpy as np
from nest_network import ROOT, NestNetwork, resolve

OUT = ROOT / "Tests/SNNSimTests/Fixtures/nest/networks"
EVERY = 0.5


def train(start, interval, count):
    return [round(start + interval * k, 1) for k in range(count)]


def single(model, unit, drive, params=None, current=1.0, duration=100.0):
    """Three neurons of a model: subthreshold under every kind of current, firing regularly, clamped while refractory.

    unit: the weight of an ordinary spike; drive: the I_e that makes the neuron fire; current: scale of injected currents."""
    params = params or {}
    refractory = {} if model == "izhikevich" else {"t_ref": 4.0}
    populations = {
        "quiet": {"model": model, "size": 1, "params": params, "init": {"V_m": -68.5}},
        "firing": {"model": model, "size": 2, "params": {**params, "I_e": drive}},
        "clamped": {"model": model, "size": 1, "params": {**params, **refractory, "I_e": 1.2 * drive}},
    }
    inputs = {
        "dc": {"type": "dc", "target": "quiet", "amplitude": 60 * current, "delay": 2.0, "start": 10.3, "stop": 30.0},
        "steps": {"type": "steps", "target": "quiet", "times": [5.0, 22.2, 40.0], "amplitudes": [-50 * current, 40 * current, 0],
                  "delay": 0.1},
        "sine": {"type": "sine", "target": "quiet", "amplitude": 70 * current, "offset": -15 * current, "frequency": 37.0,
                 "phase": 25.0, "delay": 1.0, "start": 45.0, "stop": 80.0},
        "kicks": {"type": "spikes", "target": "quiet", "times": train(3.0, 8.3, 9), "weight": unit, "delay": 1.7},
        "dips": {"type": "spikes", "target": "quiet", "times": train(6.1, 11.9, 7), "weight": -0.7 * unit, "delay": 0.1},
        # A train of its own for each of the two neurons.
        "pairs": {"type": "spikes", "target": "firing", "times": sorted(train(4.0, 7.3, 12) + train(5.0, 9.1, 10)),
                  "ids": [], "weight": 0.5 * unit, "delay": 1.5},
        "mixed": {"type": "dc", "target": "firing", "amplitude": 80 * current, "delay": 1.0, "start": 35.0, "stop": 60.0},
        "storm": {"type": "spikes", "target": "clamped", "times": train(2.0, 0.7, 120), "weight": 0.3 * unit, "delay": 1.0},
        "calm": {"type": "spikes", "target": "clamped", "times": train(2.0, 1.9, 45), "weight": -0.4 * unit, "delay": 0.7},
    }
    first = set(train(4.0, 7.3, 12))
    inputs["pairs"]["ids"] = [0 if t in first else 1 for t in inputs["pairs"]["times"]]
    return network(f"nest-{model}", duration, populations, inputs)


def network(name, duration, populations, inputs, projections=None, engine="grid", traces=True):
    record = {"spikes": {"what": "spikes", "of": list(populations)}}
    if engine == "grid" and traces:
        record |= {f"vm-{p}": {"what": "V_m", "of": p, "every": EVERY} for p in populations}
    return {
        "format": "snnsim/1", "name": name, "run": {"duration": duration, "resolution": 0.1, "engine": engine, "seed": 1},
        "populations": populations, "inputs": inputs, "projections": projections or {}, "record": record,
    }


def recurrent():
    """Forty neurons of two kinds, 400 synapses with weights and delays of their own, driven by a current."""
    rng = np.random.default_rng(7)
    pick = lambda n: [int(x) for x in rng.integers(0, n, 200)]
    delays = lambda: [round(float(x), 1) for x in rng.uniform(0.5, 9.0, 200)]
    weights = lambda low, high: [float(np.float32(x)) for x in rng.uniform(low, high, 200)]
    drive = {"I_e": [round(float(x), 2) for x in rng.uniform(400, 520, 30)]}
    return network(
        "nest-recurrent", 200.0,
        {"E": {"model": "iaf_psc_exp", "size": 30, "params": drive}, "I": {"model": "iaf_psc_alpha", "size": 10}},
        {"on": {"type": "dc", "target": "I", "amplitude": 360.0, "delay": 1.0, "start": 4.0}},
        {
            "EI": {"source": "E", "target": "I", "weight": 1, "delay": 1,
                   "rule": {"type": "list", "pre": pick(30), "post": pick(10), "weight": weights(20, 90), "delay": delays()}},
            "IE": {"source": "I", "target": "E", "weight": -1, "delay": 1,
                   "rule": {"type": "list", "pre": pick(10), "post": pick(30), "weight": weights(-160, -40), "delay": delays()}},
        },
        traces=False,
    )


def exact(model, unit, drive):
    """Three neurons with spikes off the grid and any real delays; the two of "pair" also excite and inhibit each other."""
    rng = np.random.default_rng(11)
    times = lambda n: sorted(round(float(x), 6) for x in rng.uniform(2.0, 140.0, n))
    return network(
        f"nest-exact-{model}", 150.0,
        {"one": {"model": model, "size": 1, "params": {"I_e": drive}},
         "pair": {"model": model, "size": 2, "params": {"I_e": [0.9 * drive, 1.3 * drive], "t_ref": 1.3}}},
        {
            "excite": {"type": "spikes", "target": "one", "times": times(220), "weight": unit, "delay": 1.234567},
            "calm": {"type": "spikes", "target": "one", "times": times(120), "weight": -unit, "delay": 2.718282},
            "both": {"type": "spikes", "target": "pair", "times": times(200), "weight": 0.7 * unit, "delay": 1.5},
        },
        {"mutual": {"source": "pair", "target": "pair", "weight": 1, "delay": 1,
                    "rule": {"type": "list", "pre": [0, 1], "post": [1, 0], "weight": [unit, -unit], "delay": [1.37, 2.05]}}},
        engine="exact",
    )


CASES = {
    "iaf_psc_delta": lambda: single("iaf_psc_delta", 2.0, 420.0),
    "iaf_psc_exp": lambda: single("iaf_psc_exp", 250.0, 420.0),
    "iaf_psc_alpha": lambda: single("iaf_psc_alpha", 150.0, 420.0),
    "iaf_cond_exp": lambda: single("iaf_cond_exp", 12.0, 450.0),
    "iaf_cond_alpha": lambda: single("iaf_cond_alpha", 6.0, 450.0),
    "aeif_cond_exp": lambda: single("aeif_cond_exp", 12.0, 800.0),
    "izhikevich": lambda: single("izhikevich", 1.5, 8.0, current=0.02),
    "recurrent": recurrent,
    "exact-iaf_psc_delta": lambda: exact("iaf_psc_delta", 1.125, 330.0),
    "exact-iaf_psc_exp": lambda: exact("iaf_psc_exp", 150.0, 330.0),
    "exact-iaf_psc_alpha": lambda: exact("iaf_psc_alpha", 80.0, 330.0),
}


def reference(description):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(description, file)
        file.flush()
        simulated = NestNetwork(resolve(file.name), seed=1)
    duration = description["run"]["duration"]
    meters = {}
    for record in description["record"].values():
        if record["what"] == "V_m":
            meters[record["of"]] = simulated.record(record["of"], "V_m", record["every"])
    simulated.simulate(duration)
    spikes = {}
    for name in simulated.populations:
        times, ids = simulated.spikes(name)
        spikes[name] = {"times": [round(float(t), 9) for t in times], "ids": [int(i) for i in ids]}
    traces = {}
    for name, meter in meters.items():
        size = description["populations"][name]["size"]
        events = meter.events
        order = np.lexsort((events["senders"], np.round(np.asarray(events["times"]), 6)))
        rows = np.asarray(events["V_m"])[order].reshape(-1, size)
        traces[name] = [float(f"{x:.13g}") for x in rows[: round(duration / EVERY)].ravel()]
    return {
        "source": f"NEST {nest.__version__}",
        "comment": "V_m: one row per sample of all neurons of the population, at 0.5 ms, 1 ms, ...",
        "network": description, "spikes": spikes, "V_m": traces,
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or CASES:
        found = reference(CASES[name]())
        text = json.dumps(found, separators=(",", ":"))
        (OUT / f"{name}.json").write_text(text + "\n")
        counts = {population: len(s["times"]) for population, s in found["spikes"].items()}
        print(name, len(text), counts, {k: (min(v), max(v)) for k, v in found["V_m"].items()}, flush=True)
