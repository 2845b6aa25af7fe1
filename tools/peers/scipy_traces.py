"""Writes reference traces of the conductance models from an independent solver: Tests/SNNModelsTests/Fixtures/scipy/MODEL.json.

SciPy's DOP853 at a relative tolerance of 1e-12, restarted at every input spike and change of current, in the format of
nest_traces.py (V_m after every tenth step). Subthreshold: thresholds are out of reach.

    python tools/peers/scipy_traces.py
"""

import json
import math
import pathlib

import scipy
from scipy.integrate import solve_ivp

H = 0.1
EVERY = 10
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNModelsTests/Fixtures/scipy"
IAF = {"g_L": 16.6667, "C_m": 250.0, "E_ex": 0.0, "E_in": -85.0, "E_L": -70.0, "tau_syn_ex": 0.2, "tau_syn_in": 2.0, "I_e": 0.0}
AEIF = {**IAF, "g_L": 30.0, "C_m": 281.0, "E_L": -70.6, "V_th": -50.4, "V_peak": 0.0, "Delta_T": 2.0, "a": 4.0, "tau_w": 144.0}


def synapses(p, y):
    return -y[1] * (y[0] - p["E_ex"]) - y[2] * (y[0] - p["E_in"])


def cond_exp(p, current):
    def f(t, y):
        i = -p["g_L"] * (y[0] - p["E_L"]) + synapses(p, y) + p["I_e"] + current
        return [i / p["C_m"], -y[1] / p["tau_syn_ex"], -y[2] / p["tau_syn_in"]]

    return f


def cond_alpha(p, current):
    def f(t, y):
        i = -p["g_L"] * (y[0] - p["E_L"]) + synapses(p, y) + p["I_e"] + current
        ex, inh = p["tau_syn_ex"], p["tau_syn_in"]
        return [i / p["C_m"], y[3] - y[1] / ex, y[4] - y[2] / inh, -y[3] / ex, -y[4] / inh]

    return f


def aeif(p, current):
    def f(t, y):
        i = -p["g_L"] * (y[0] - p["E_L"]) + synapses(p, y) + p["I_e"] + current - y[3]
        i += p["g_L"] * p["Delta_T"] * math.exp((y[0] - p["V_th"]) / p["Delta_T"])
        return [i / p["C_m"], -y[1] / p["tau_syn_ex"], -y[2] / p["tau_syn_in"], (p["a"] * (y[0] - p["E_L"]) - y[3]) / p["tau_w"]]

    return f


def kick(model, p, y, weight):
    ex = weight > 0
    if model == "iaf_cond_alpha":
        y[3 if ex else 4] += abs(weight) * math.e / p["tau_syn_ex" if ex else "tau_syn_in"]
    else:
        y[1 if ex else 2] += abs(weight)


def protocol(model, name, equations, size, defaults, duration, parameters, spikes, currents=()):
    p = {**defaults, **parameters}
    y = [p["E_L"]] + [0.0] * (size - 1)
    steps = round(duration / H)
    arriving = {}
    for t, w in spikes:
        arriving.setdefault(round(t / H), []).append(w)
    edges = {round(c / H) for start, stop, _ in currents for c in (start, stop)}
    stops = sorted({0, steps, *range(EVERY, steps + 1, EVERY), *arriving, *edges})
    values = []
    for a, b in zip(stops, stops[1:]):
        for w in arriving.get(a, ()):
            kick(model, p, y, w)
        current = sum(amp for start, stop, amp in currents if round(start / H) <= a < round(stop / H))
        solution = solve_ivp(equations(p, current), (a * H, b * H), y, method="DOP853", rtol=1e-12, atol=1e-12)
        y = [float(v[-1]) for v in solution.y]
        if b % EVERY == 0:
            values.append(y[0])
    assert all(math.isfinite(v) for v in values)
    return {
        "name": name, "duration": duration, "parameters": parameters, "init": {}, "spikes": [list(s) for s in spikes],
        "currents": [list(c) for c in currents], "traces": {"V_m": {"every": EVERY, "values": values}}, "spikeTimes": [],
    }


def train(start, interval, count, weight):
    return [(round(start + interval * k, 1), weight) for k in range(count)]


def protocols(model, equations, size, defaults):
    out_of_reach = {} if model == "aeif_cond_exp" else {"V_th": 1000.0}
    mixed = sorted(train(3.0, 6.1, 9, 25.0) + train(4.7, 9.3, 6, -40.0))
    steps = [(10.0, 30.0, 120.0), (40.0, 40.1, -400.0)]
    yield protocol(model, "short time constants", equations, size, defaults, 60.0, out_of_reach, mixed, steps)
    slow = {**out_of_reach, "tau_syn_ex": 5.0, "tau_syn_in": 10.0}
    yield protocol(model, "long time constants", equations, size, defaults, 60.0, slow, sorted(train(3.0, 6.1, 9, 2.0) + train(4.7, 9.3, 6, -30.0)), steps)
    # The membrane relaxes within less than a step: up to some 40 conductances of 60 nS on 100 pF.
    storm = sorted(train(3.0, 1.3, 40, 30.0) + train(4.7, 0.5, 100, -150.0))
    yield protocol(model, "strong inhibition", equations, size, defaults, 60.0, {**slow, "C_m": 100.0}, storm)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for model, equations, size, defaults in (
        ("iaf_cond_exp", cond_exp, 3, IAF), ("iaf_cond_alpha", cond_alpha, 5, IAF), ("aeif_cond_exp", aeif, 4, AEIF)):
        record = {"model": model, "source": f"SciPy {scipy.__version__} DOP853", "resolution": H,
                  "protocols": list(protocols(model, equations, size, defaults))}
        (OUT / f"{model}.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
        print(model, [(p["name"], min(p["traces"]["V_m"]["values"]), max(p["traces"]["V_m"]["values"])) for p in record["protocols"]])
