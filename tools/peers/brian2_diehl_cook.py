#!/usr/bin/env python3
"""Diehl & Cook's network (networks/DiehlCook2015.json) in Brian2: the seconds that a presentation takes, and what it brings.

    tools/peers/brian2_diehl_cook.py --mnist datasets/mnist --digits 100
    tools/peers/brian2_diehl_cook.py --mnist datasets/mnist --digits 1000 --standalone

As a C++ standalone program Brian2 cannot decide what to show next, nor scale weights between presentations: then each digit is
shown once and the weights are scaled only at the start. Equations and parameters are those of Diehl & Cook (2015),
doi:10.3389/fncom.2015.00099. Prints one JSON object.
"""
import argparse, gzip, json, pathlib, tempfile, time
import numpy as np
import brian2 as b
from brian2 import Hz, mV, ms, nS


def images(folder, count):
    path = next(p for p in (pathlib.Path(folder) / ("train-images-idx3-ubyte" + end) for end in (".gz", "")) if p.exists())
    data = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 784)[:count]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mnist", default="datasets/mnist")
    options.add_argument("--digits", type=int, default=200)
    options.add_argument("--cells", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--standalone", action="store_true")
    options = options.parse_args()
    shown = images(options.mnist, options.digits)
    if options.standalone:
        b.set_device("cpp_standalone", directory=tempfile.mkdtemp(), build_on_run=False)
        b.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native"]
        lit = np.zeros((10 * len(shown), 784))  # steps of 50 ms: seven lit, three dark
        lit.reshape(len(shown), 10, 784)[:, :7] = shown[:, None] / 4.0
        rates = b.TimedArray(lit * Hz, dt=50 * ms)
    else:
        b.prefs.codegen.target = "cython"
    b.defaultclock.dt = 0.5 * ms
    b.seed(options.seed)
    np.random.seed(options.seed)
    names = {"Hz": Hz, "mV": mV, "ms": ms, "nS": nS}
    digits = b.PoissonGroup(784, "rates(t, i)" if options.standalone else np.zeros(784) * Hz)
    E = b.NeuronGroup(
        options.cells, """dv/dt = (-65*mV - v - ge*v + gi*(-100*mV - v)) / (100*ms) : volt (unless refractory)
        dge/dt = -ge/(1*ms) : 1
        dgi/dt = -gi/(2*ms) : 1
        dtheta/dt = -theta/(1e7*ms) : volt""",
        threshold="v > theta - 72*mV", reset="v = -65*mV; theta += 0.05*mV", refractory=5 * ms, method="euler", namespace=names)
    E.v, E.theta = -65 * mV, 20 * mV
    learned = b.Synapses(
        digits, E, """w : 1
        dpre/dt = -pre/(20*ms) : 1 (event-driven)
        dpost1/dt = -post1/(20*ms) : 1 (event-driven)
        dpost2/dt = -post2/(40*ms) : 1 (event-driven)""",
        on_pre="ge_post += w; pre = 1; w = clip(w - 0.0001*post1, 0, 1)",
        on_post="w = clip(w + 0.01*pre*post2, 0, 1); post1 = 1; post2 = 1", namespace=names)
    learned.connect()
    learned.w = "0.003 + 0.3*rand()"
    learned.delay = 0.5 * ms
    inhibit = b.Synapses(E, E, on_pre="gi_post += 17")
    inhibit.connect(condition="i != j")
    inhibit.delay = 0.5 * ms
    spikes = b.SpikeMonitor(E, record=False)
    net = b.Network(digits, E, learned, inhibit, spikes)
    if options.standalone:
        learned.w = f"(0.003 + 0.3*rand())*{78 / (784 * 0.153)}"
        net.run(500 * ms * len(shown))
        b.device.build(run=False)
        began = time.perf_counter()
        b.device.run()
        seconds = time.perf_counter() - began
        print(json.dumps({
            "digits": len(shown), "presentations": len(shown), "seconds_per_presentation": seconds / len(shown),
            "spikes_per_presentation": spikes.num_spikes / len(shown)}))
        return
    weights = lambda: np.asarray(learned.w[:]).reshape(784, options.cells)
    net.run(0 * ms)
    began = time.perf_counter()
    presentations, counts, intensity, k = 0, [], 2.0, 0
    while k < len(shown):
        w = weights()
        learned.w[:] = (w * (78 / w.sum(0))).ravel()
        digits.rates = shown[k] / 8.0 * intensity * Hz
        before = spikes.num_spikes
        net.run(350 * ms)
        answer = spikes.num_spikes - before
        digits.rates = 0 * Hz
        net.run(150 * ms)
        presentations += 1
        counts.append(int(answer))
        if answer < 5:
            intensity += 1
        else:
            intensity, k = 2.0, k + 1
    seconds = time.perf_counter() - began
    w = weights()
    print(json.dumps({
        "digits": len(shown), "presentations": presentations, "seconds_per_presentation": seconds / presentations,
        "spikes_per_presentation": float(np.mean(counts)), "theta_mV": [float(x) for x in np.percentile(E.theta / mV, [0, 50, 100])],
        "weights_max": float(w.max()), "weights_sd": float(w.std())}))


if __name__ == "__main__":
    main()
