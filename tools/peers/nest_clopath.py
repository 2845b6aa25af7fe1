"""Weights of NEST's clopath_synapse between given trains: Tests/SNNSimTests/Fixtures/nest/clopath.json and clopath_pairs.json.

    PYNEST_QUIET=1 python tools/peers/nest_clopath.py

Needs NEST 3.10. Targets are aeif_psc_delta_clopath, made to spike by strong inputs and depolarised by weak ones and a current.
NEST takes the filtered voltages for 0 mV in the first 5 ms (`delay_u_bars`): here presynaptic spikes come later.
"""

import json
import pathlib

import nest
import numpy as np

H = 0.1
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNSimTests/Fixtures/nest"


def player(times, target, weight=1.0, delay=1.0, **more):
    """Spikes that the target hears at these times plus the delay, over a parrot."""
    parrot = nest.Create("parrot_neuron")
    source = nest.Create("spike_generator", params={"spike_times": [t - 1.0 for t in times]})
    nest.Connect(source, parrot, syn_spec={"delay": 1.0})
    if target is not None:
        nest.Connect(parrot, target, syn_spec={"weight": weight, "delay": delay, **more})
    return parrot


def begin():
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = H


def trains(number, rule, synapse, neuron, delay):
    rng = np.random.default_rng(40 + number)
    begin()
    duration = 600.0
    draw = lambda rate, step: sorted({float(t) for t in np.round(20 + step * rng.integers(0, int(560 / step), rng.poisson(rate * 0.56)), 1)})
    pre = [draw(25, 1.0) for _ in range(3)]
    drive = [draw(20, H) for _ in range(2)]
    noise = [draw(300, H) for _ in range(2)]
    recorder = nest.Create("weight_recorder")
    nest.CopyModel("clopath_synapse", "plastic", {**synapse, "weight": 0.5, "weight_recorder": recorder})
    targets = nest.Create("aeif_psc_delta_clopath", 2, params={"I_e": 300.0, **neuron})
    for target, strong, weak in zip(targets, drive, noise):
        player(strong, target, 80.0)
        player(weak, target, 1.0)
    sources = [player(times, None) for times in pre]
    for source in sources:
        nest.Connect(source, targets, syn_spec={"synapse_model": "plastic", "delay": delay})
    spikes = nest.Create("spike_recorder")
    nest.Connect(targets, spikes)
    nest.Simulate(duration + 20)
    events = recorder.get("events")
    weights = []
    for source in sources:
        for target in targets.tolist():
            chosen = (events["senders"] == source.tolist()[0]) & (events["targets"] == target)
            weights.append([float(f"{w:.12g}") for w in events["weights"][chosen][np.argsort(events["times"][chosen])]])
    assert [len(w) for w in weights[::2]] == [len(t) for t in pre]
    return {"rule": rule, "delay": delay, "duration": duration, "pre": pre, "drive": drive, "noise": noise, "weights": weights,
            "spikes": len(spikes.events["times"])}


def pairs():
    """Five pairs of spikes 10 ms apart (one at 0.1 Hz), either order at each rate; a last presynaptic spike shows the weight."""
    begin()
    recorder = nest.Create("weight_recorder")
    nest.CopyModel("clopath_synapse", "plastic", {"weight": 0.5, "weight_recorder": recorder})
    ends = []
    rates = [0.1, 10, 20, 40, 50]
    for rate in rates:
        times = [round(50 + 1000 * n / rate, 1) for n in range(5 if rate > 1 else 1)]
        # At the synapse, 1 ms away from either neuron.
        for pre, post in ((times, [t + 9 for t in times]), ([t + 10 for t in times], [t - 1 for t in times])):
            target = nest.Create("aeif_psc_delta_clopath")
            player([round(t - 1, 1) for t in post], target, 120.0)
            source = player([round(t, 1) for t in pre] + [690.0], None)
            nest.Connect(source, target, syn_spec={"synapse_model": "plastic", "delay": 1.0})
            ends.append((source.tolist()[0], target.tolist()[0]))
    nest.Simulate(720.0)
    events = recorder.get("events")
    weights = []
    for source, target in ends:
        chosen = np.flatnonzero((events["senders"] == source) & (events["targets"] == target))
        weights.append(float(f"{events['weights'][chosen[np.argmax(events['times'][chosen])]]:.12g}"))
    return {"rates": rates, "weights": weights}


results = [
    trains(0, {"rule": "clopath"}, {}, {}, 1.5),
    trains(1, {"rule": "clopath", "depression": "homeostatic", "A_LTD": 2e-6, "A_LTP": 3e-4, "theta_plus": -50, "theta_minus": -65,
               "u_ref_squared": 50, "tau_x": 20, "delay_u_bars": 3, "w_max": 2}, {"tau_x": 20.0, "Wmax": 2.0},
           {"A_LTD_const": False, "A_LTD": 2e-6, "A_LTP": 3e-4, "theta_plus": -50.0, "theta_minus": -65.0, "u_ref_squared": 50.0,
            "delay_u_bars": 3.0}, 5.0),
]
for r in results:
    print(r["spikes"], [w[-1] for w in r["weights"]])
(OUT / "clopath.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")
paired = pairs()
print(paired)
(OUT / "clopath_pairs.json").write_text(json.dumps(paired, separators=(",", ":")) + "\n")
