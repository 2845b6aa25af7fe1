"""How exact snnsim and Brian2 integrate a neuron of the COBA network, against a fine reference.

One iaf_cond_exp neuron gets frozen trains of 64 excitatory and 16 inhibitory sources at 14 Hz, as in
networks/VogelsAbbott2005_COBA.json. All spikes lie on the grid of 0.1 ms, so that every integrator gets the same input. The reference
is the classical Runge-Kutta method with 50 steps for each 0.1 ms; with half as many its potentials change by less than 10^-10 mV,
which is checked. Exponential Euler is Brian2's generated code in Python: conductances frozen over a step.

    python tools/peers/coba_accuracy.py [--json] [--snnsim COMMAND]

Prints the largest and the root-mean-square error of V_m below threshold, the spikes with the threshold of the network, and the step
with which Brian2 would be as exact as snnsim by the order of its method.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SNNSIM_BINARY", str(ROOT / ".build/release/snnsim"))
H = 0.1
DURATION = 1000.0
C, G_L, E_L, E_EX, E_IN, TAU_EX, TAU_IN = 200.0, 10.0, -60.0, 0.0, -80.0, 5.0, 10.0
V_TH, V_RESET, T_REF = -50.0, -60.0, 5.0
WEIGHTS = (6.0, 67.0)
OUT_OF_REACH = 1000.0
STEPS = (0.1, 0.05, 0.02, 0.01)


def trains(seed=1):
    """Grid steps at which spikes arrive, excitatory and inhibitory, in order."""
    rng = np.random.default_rng(seed)
    steps = round(DURATION / H)
    return [np.sort(rng.integers(1, steps, rng.poisson(n * 14 * DURATION / 1000))) for n in (64, 16)]


def arrivals(spikes):
    """Conductances that arrive at the end of each step of the grid."""
    return [w * np.bincount(train, minlength=round(DURATION / H) + 1) for train, w in zip(spikes, WEIGHTS)]


def exponential_euler(v, g_ex, g_in, h, held):
    a = -(G_L + g_ex + g_in) / C
    if not held:
        rest = (G_L * E_L + g_ex * E_EX + g_in * E_IN) / (G_L + g_ex + g_in)
        v = rest + (v - rest) * math.exp(h * a)
    return v, g_ex * math.exp(-h / TAU_EX), g_in * math.exp(-h / TAU_IN)


def runge_kutta(v, g_ex, g_in, h, held):
    def slope(v, e, i):
        return (G_L * (E_L - v) + e * (E_EX - v) + i * (E_IN - v)) / C

    ex_half, in_half = g_ex * math.exp(-h / 2 / TAU_EX), g_in * math.exp(-h / 2 / TAU_IN)
    ex_full, in_full = g_ex * math.exp(-h / TAU_EX), g_in * math.exp(-h / TAU_IN)
    if not held:
        k1 = slope(v, g_ex, g_in)
        k2 = slope(v + h / 2 * k1, ex_half, in_half)
        k3 = slope(v + h / 2 * k2, ex_half, in_half)
        k4 = slope(v + h * k3, ex_full, in_full)
        v += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return v, ex_full, in_full


def integrate(method, substeps, threshold, each, spikes):
    """V_m after every 0.1 ms, and spike times; the threshold is looked at after every `each` substeps."""
    ex, inh = arrivals(spikes)
    h = H / substeps
    v, g_ex, g_in, held, potentials, times = E_L, 0.0, 0.0, 0, [], []
    for n in range(1, len(ex)):
        for k in range(1, substeps + 1):
            v, g_ex, g_in = method(v, g_ex, g_in, h, held > 0)
            held -= 1
            if v >= threshold and k % each == 0:
                v, held = V_RESET, round(T_REF / h)
                times.append((n - 1) * H + k * h)
        g_ex += ex[n]
        g_in += inh[n]
        potentials.append(v)
    return np.array(potentials), times


def snnsim(command, threshold, spikes):
    # A spike at t with a delay of one step acts at t + 0.1 ms.
    inputs = {
        name: {"type": "spikes", "target": "neuron", "times": [round((int(n) - 1) * H, 1) for n in train], "weight": w, "delay": H}
        for name, train, w in (("ex", spikes[0], WEIGHTS[0]), ("in", spikes[1], -WEIGHTS[1]))
    }
    params = {"C_m": C, "g_L": G_L, "E_L": E_L, "V_th": threshold, "V_reset": V_RESET, "t_ref": T_REF, "E_ex": E_EX, "E_in": E_IN,
              "tau_syn_ex": TAU_EX, "tau_syn_in": TAU_IN}
    network = {
        "format": "snnsim/1", "name": "accuracy", "run": {"duration": DURATION, "resolution": H, "engine": "grid"},
        "populations": {"neuron": {"model": "iaf_cond_exp", "size": 1, "params": params}}, "inputs": inputs,
        "record": {"V_m": {"what": "V_m", "of": "neuron", "every": H}, "spikes": {"what": "spikes", "of": "neuron"}},
        "output": {"spikes": ["npz"]},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        (path / "net.json").write_text(json.dumps(network))
        run = [command, "run", str(path / "net.json"), "--quiet", "--output", str(path / "out")]
        subprocess.run(run, check=True)
        potentials = np.load(path / "out/records/V_m.npz")["V_m"][:, 0]
        with np.load(path / "out/spikes.npz") as kept:
            return potentials, kept["neuron/times"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--snnsim", default=BINARY)
    options = parser.parse_args()
    spikes = trains()
    reference, _ = integrate(runge_kutta, 50, OUT_OF_REACH, 50, spikes)
    coarser, _ = integrate(runge_kutta, 25, OUT_OF_REACH, 25, spikes)
    assert np.abs(reference - coarser).max() < 1e-10
    _, fired = integrate(runge_kutta, 50, V_TH, 50, spikes)

    rows = []

    def compare(name, potentials, times):
        error = np.abs(potentials - reference[: len(potentials)])
        late = np.abs(np.subtract(times, fired)).max() if len(times) == len(fired) else math.nan
        rows.append((name, float(error.max()), float(np.sqrt((error**2).mean())), len(times), late))
        return rows[-1][1]

    own = compare("snnsim, 0.1 ms", snnsim(options.snnsim, OUT_OF_REACH, spikes)[0], snnsim(options.snnsim, V_TH, spikes)[1])
    errors = {}
    for step in STEPS:
        n = round(H / step)
        errors[step] = compare(f"Brian2, {step} ms", integrate(exponential_euler, n, OUT_OF_REACH, n, spikes)[0],
                               integrate(exponential_euler, n, V_TH, 1, spikes)[1])
    order = math.log(errors[0.02] / errors[0.01]) / math.log(2)
    equal = 0.01 * (own / errors[0.01]) ** (1 / order)
    step = next((s for s in STEPS if errors[s] <= own), STEPS[-1])
    if options.json:
        print(json.dumps({"snnsim_mV": own, "brian2_mV": errors[0.1], "brian2_fine_mV": errors[step], "step_ms": step,
                          "equal_step_ms": equal, "order": order}))
        return
    print(f"{'':18}{'largest error':>15}{'rms error (mV)':>16}{'spikes':>8}{'largest shift (ms)':>20}")
    for name, largest, rms, count, late in rows:
        print(f"{name:18}{largest:15.3g}{rms:16.3g}{count:8}{late:20.3g}")
    print(f"reference: {len(fired)} spikes. Brian2's order is {order:.2f}; as exact as snnsim at a step of {equal:.2g} ms")


if __name__ == "__main__":
    main()
