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


LI_RINZEL = {"Ca_tot": 2.0, "IP3_0": 0.16, "Kd_IP3_1": 0.13, "Kd_IP3_2": 0.9434, "Kd_act": 0.08234, "Kd_inh": 1.049, "Km_SERCA": 0.1,
             "delta_IP3": 0.0002, "k_IP3R": 0.0002, "rate_IP3R": 0.006, "rate_L": 0.00011, "rate_SERCA": 0.0009,
             "ratio_ER_cyt": 0.185, "tau_IP3": 7142.0}


def astrocyte(name, step, every, duration, parameters, init, spikes):
    """The same for the Li-Rinzel astrocyte, whose states are slow."""
    p = {**LI_RINZEL, **parameters}

    def f(t, y):
        ip3, ca, h = y
        c = min(max(ca, 0.0), p["Ca_tot"])
        gradient = (p["Ca_tot"] - c) / p["ratio_ER_cyt"] - c
        open_ = ip3 / (ip3 + p["Kd_IP3_1"]) * c / (c + p["Kd_act"]) * h
        pump = p["rate_SERCA"] * c * c / (p["Km_SERCA"] ** 2 + c * c)
        recovery = p["k_IP3R"] * p["Kd_inh"] * (ip3 + p["Kd_IP3_1"]) / (ip3 + p["Kd_IP3_2"])
        return [(p["IP3_0"] - ip3) / p["tau_IP3"],
                p["ratio_ER_cyt"] * (p["rate_IP3R"] * open_**3 + p["rate_L"]) * gradient - pump,
                recovery * (1 - h) - p["k_IP3R"] * c * h]

    y = [init["IP3"], init["Ca_astro"], init["h_IP3R"]]
    arriving = {round(t / step): w for t, w in spikes}
    stops = sorted({0, *range(every, round(duration / step) + 1, every), *arriving})
    values = {s: [] for s in ("IP3", "Ca_astro", "h_IP3R")}
    for a, b in zip(stops, stops[1:]):
        y[0] += p["delta_IP3"] * arriving.get(a, 0.0)
        y = [float(v[-1]) for v in solve_ivp(f, (a * step, b * step), y, method="DOP853", rtol=1e-12, atol=1e-14).y]
        if b % every == 0:
            # A spike at the end of a step is part of the state then.
            for s, v in zip(values, (y[0] + p["delta_IP3"] * arriving.get(b, 0.0), *y[1:])):
                values[s].append(v)
    return {"name": name, "duration": duration, "parameters": parameters, "init": init, "spikes": [list(s) for s in spikes],
            "currents": [], "traces": {s: {"every": every, "values": v} for s, v in values.items()}, "spikeTimes": []}


def astrocytes(step):
    rest = {"IP3": 0.16, "Ca_astro": 0.073, "h_IP3R": 0.793}
    yield astrocyte("oscillation", step, 200, 30000.0, {"IP3_0": 0.5}, {**rest, "IP3": 0.5}, [])
    yield astrocyte("driven by spikes", step, 200, 30000.0, {"delta_IP3": 0.2}, rest, [(1000.0 * k, 1.0) for k in range(1, 29)])


DE_PITTA = {"rho_c": 0.005, "Y_T": 500e3, "Omega_c": 0.04, "O_N": 0.3e-3, "Omega_N": 0.5e-3, "K_KC": 0.5, "zeta": 10.0, "O_beta": 3.2e-3,
            "O_delta": 0.6e-3, "kappa_delta": 1.5, "K_delta": 0.1, "Omega_5P": 0.05e-3, "K_D": 0.7, "K_3K": 1.0, "O_3K": 4.5e-3,
            "F_ex": 2e-3, "I_bias": 0.0, "I_Theta": 0.3, "omega_I": 0.05, "O_P": 0.9e-3, "K_P": 0.05, "C_T": 2.0, "rho_A": 0.18,
            "Omega_C": 6e-3, "Omega_L": 0.1e-3, "d_1": 0.13, "d_2": 1.05, "O_2": 0.2e-3, "d_3": 0.9434, "d_5": 0.08, "C_Theta": 0.5,
            "Omega_A": 0.6e-3, "U_A": 0.6, "G_T": 200e3, "rho_e": 6.5e-4, "Omega_e": 0.06, "O_G": 1.5e-3, "Omega_G": 0.5 / 60e3}


def gliotransmission(name, step, every, duration, parameters, spikes):
    """The astrocyte that releases gliotransmitter: a release at the end of the first step in which calcium is above C_Theta."""
    p = {**DE_PITTA, **parameters}

    def f(t, s):
        y, ga, i, c, h, xa, g, gs = s
        drive = i - p["I_bias"]
        flow = -p["F_ex"] / 2 * (1 + math.tanh((abs(drive) - p["I_Theta"]) / p["omega_I"])) * math.copysign(drive != 0, drive)
        di = (p["O_beta"] * ga + p["O_delta"] / (1 + i / p["kappa_delta"]) * c**2 / (c**2 + p["K_delta"] ** 2)
              - p["O_3K"] * c**4 / (c**4 + p["K_D"] ** 4) * i / (i + p["K_3K"]) - p["Omega_5P"] * i + flow)
        m = i / (i + p["d_1"]) * c / (c + p["d_5"])
        dc = ((p["Omega_C"] * m**3 * h**3 + p["Omega_L"]) * (p["C_T"] - (1 + p["rho_A"]) * c)
              - p["O_P"] * c**2 / (c**2 + p["K_P"] ** 2))
        q = p["d_2"] * (i + p["d_1"]) / (i + p["d_3"])
        return [-p["Omega_c"] * y, p["O_N"] * y * (1 - ga) - p["Omega_N"] * (1 + p["zeta"] * c / (c + p["K_KC"])) * ga, di, dc,
                p["O_2"] * (q + c) * (q / (q + c) - h), p["Omega_A"] * (1 - xa), -p["Omega_e"] * g,
                p["O_G"] * g * (1 - gs) - p["Omega_G"] * gs]

    s = [0.0, 0.0, 0.0, 0.0, 0.9, 1.0, 0.0, 0.0]
    names = ["Y_S", "Gamma_A", "IP3", "Ca_astro", "h", "x_A", "G_A", "Gamma_S"]
    arriving = {round(t / step): w for t, w in spikes}
    values = {n: [] for n in names}
    releases = []
    for k in range(1, round(duration / step) + 1):
        below = s[3] <= p["C_Theta"]
        s = [float(v[-1]) for v in solve_ivp(f, (0, step), s, method="DOP853", rtol=1e-11, atol=1e-13).y]
        s[0] += p["rho_c"] * p["Y_T"] * arriving.get(k, 0.0)
        if below and s[3] > p["C_Theta"]:
            amount = p["U_A"] * s[5]
            s[6] += p["rho_e"] * p["G_T"] * amount
            s[5] -= amount
            releases.append(k * step)
        if k % every == 0:
            for n, v in zip(names, s):
                values[n].append(v)
    return {"name": name, "duration": duration, "parameters": parameters, "init": {}, "spikes": [list(x) for x in spikes],
            "currents": [], "traces": {n: {"every": every, "values": v} for n, v in values.items()}, "spikeTimes": releases}


def releasing(step):
    yield gliotransmission("open loop", step, 200, 20000.0, {"I_bias": 1.0}, [])
    yield gliotransmission("driven by synapses", step, 200, 20000.0, {}, [(100.0 * k, 0.06) for k in range(1, 199)])


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
    step = 0.5
    record = {"model": "astrocyte_lr_1994", "source": f"SciPy {scipy.__version__} DOP853", "resolution": step,
              "protocols": list(astrocytes(step))}
    (OUT / "astrocyte_lr_1994.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    step = 1.0
    record = {"model": "astrocyte_depitta_2018", "source": f"SciPy {scipy.__version__} DOP853", "resolution": step,
              "protocols": list(releasing(step))}
    (OUT / "astrocyte_depitta_2018.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    for model, equations, size, defaults in (
        ("iaf_cond_exp", cond_exp, 3, IAF), ("iaf_cond_alpha", cond_alpha, 5, IAF), ("aeif_cond_exp", aeif, 4, AEIF)):
        record = {"model": model, "source": f"SciPy {scipy.__version__} DOP853", "resolution": H,
                  "protocols": list(protocols(model, equations, size, defaults))}
        (OUT / f"{model}.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
        print(model, [(p["name"], min(p["traces"]["V_m"]["values"]), max(p["traces"]["V_m"]["values"])) for p in record["protocols"]])
