"""Weights of NEST's plastic synapses between given spike trains: Tests/SNNSimTests/Fixtures/nest/plasticity.json.

    PYNEST_QUIET=1 python tools/peers/nest_plasticity.py

Needs NEST 3.10. Each case holds the trains (spikes at the neurons, ms), our rule with the same parameters, and for each pair of
a source and a target the weight that NEST transmitted at each spike of the source. Trains lie on the grid of 0.1 ms and meet at
the synapses now and then. Conventions of NEST that are kept away from here, and stand in our rules' documentation:

- stdp_nn_symm_synapse pairs postsynaptic spikes before the first presynaptic one with a spike at t = 0: here a presynaptic spike
  comes first.
- stdp_dopamine_synapse: at each delivery of the volume transmitter, presynaptic spikes of the last minimal delay meet dopamine
  that came after them: here it delivers once, after the end.
"""

import json
import pathlib

import nest
import numpy as np

H = 0.1
DURATION = 1200.0
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNSimTests/Fixtures/nest/plasticity.json"

# NEST's model, its parameters, those of its targets; our rule; dendritic delay; first weight; rate of dopamine spikes, Hz
CASES = [
    ("stdp_synapse", {"lambda": 0.02, "Wmax": 1.0, "alpha": 1.1, "mu_plus": 0.7, "mu_minus": 0.4}, {"tau_minus": 33.7},
     {"rule": "stdp", "lambda": 0.02, "w_max": 1, "alpha": 1.1, "mu_plus": 0.7, "mu_minus": 0.4, "tau_minus": 33.7}, 1.5, 0.5, 0),
    ("stdp_synapse", {"lambda": 0.05, "Wmax": 0.8, "mu_plus": 0.0, "mu_minus": 0.0}, {"tau_minus": 20.0},
     {"rule": "stdp", "dependence": "additive", "lambda": 0.05, "w_max": 0.8}, 0.3, 0.5, 0),
    ("stdp_pl_synapse_hom", {"lambda": 0.03, "alpha": 0.9, "mu": 0.4}, {"tau_minus": 20.0},
     {"rule": "stdp", "dependence": "power_law", "lambda": 0.03, "alpha": 0.9, "mu_plus": 0.4}, 7.0, 0.5, 0),
    ("stdp_nn_symm_synapse", {"lambda": 0.02, "Wmax": 1.0, "alpha": 0.9}, {"tau_minus": 25.0},
     {"rule": "stdp", "pairing": "nearest", "lambda": 0.02, "w_max": 1, "alpha": 0.9, "tau_minus": 25}, 2.0, 0.5, 0),
    ("stdp_triplet_synapse", {"Aplus": 5e-3, "Aplus_triplet": 6.2e-3, "Wmax": 0.9}, {"tau_minus": 33.7, "tau_minus_triplet": 125.0},
     {"rule": "stdp_triplet", "A2_plus": 5e-3, "w_max": 0.9}, 1.0, 0.5, 0),
    ("vogels_sprekeler_synapse", {"eta": 0.02, "alpha": 0.5, "Wmax": -0.8}, {"tau_minus": 20.0},
     {"rule": "vogels_sprekeler", "eta": 0.02, "alpha": 0.5, "w_max": 0.8}, 1.0, -0.5, 0),
    ("stdp_dopamine_synapse", {"A_plus": 0.02, "A_minus": 0.015, "b": 0.005, "tau_c": 400.0, "Wmax": 10.0}, {"tau_minus": 20.0},
     {"rule": "stdp_dopamine", "modulator": "dopamine", "modulator_delay": 2.5, "A_plus": 0.02, "A_minus": 0.015, "b": 0.005,
      "tau_c": 400, "w_max": 10}, 1.5, 0.5, 10),
    ("stdp_dopamine_synapse", {"A_plus": 0.04, "A_minus": 0.03, "tau_n": 50.0, "Wmax": 0.7}, {"tau_minus": 20.0},
     {"rule": "stdp_dopamine", "modulator": "dopamine", "A_plus": 0.04, "A_minus": 0.03, "tau_n": 50, "w_max": 0.7}, 1.0, 0.5, 10),
]


def train(rng, rate, step):
    count = rng.poisson(rate * (DURATION - 80) / 1000)
    return sorted({float(t) for t in np.round(60 + step * rng.integers(1, int((DURATION - 80) / step), count), 1)})


def players(trains, model="parrot_neuron", **parameters):
    """Neurons that spike at these times."""
    neurons = nest.Create(model, len(trains), params=parameters)
    for neuron, times in zip(neurons, trains):
        source = nest.Create("spike_generator", params={"spike_times": [t - 1.0 for t in times]})
        nest.Connect(source, neuron, syn_spec={"delay": 1.0})
    return neurons


def run(number, synapse, parameters, target, rule, delay, weight, dopamine):
    rng = np.random.default_rng(500 + number)
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = H
    pre = [[52.0] + train(rng, 25, 1.0) for _ in range(3)]
    post = [train(rng, 25, H) for _ in range(2)]
    # Some meet at the synapse.
    post[0] = sorted(set(post[0]) | {round(t - delay, 1) for t in pre[0][3::4]})
    trains = {"pre": pre, "post": post}
    sources, targets = players(pre), players(post, **target)
    recorder = nest.Create("weight_recorder")
    parameters = dict(parameters, weight=weight, weight_recorder=recorder)
    if dopamine:
        trains["dopamine"] = [train(rng, dopamine, H) for _ in range(2)]
        transmitter = nest.Create("volume_transmitter", params={"deliver_interval": 10**6})
        nest.Connect(players(trains["dopamine"]), transmitter, syn_spec={"delay": rule.get("modulator_delay", 1.0)})
        parameters["volume_transmitter"] = transmitter
    nest.CopyModel(synapse, "plastic", parameters)
    nest.Connect(sources, targets, syn_spec={"synapse_model": "plastic", "delay": delay, "receptor_type": 1})
    nest.Simulate(DURATION + 30)
    events = recorder.get("events")
    weights = []
    for source in sources.tolist():
        for neuron in targets.tolist():
            chosen = (events["senders"] == source) & (events["targets"] == neuron)
            order = np.argsort(events["times"][chosen])
            weights.append([float(f"{w:.12g}") for w in events["weights"][chosen][order]])
    assert [len(w) for w in weights[::2]] == [len(t) for t in pre]
    return {"nest": synapse, "rule": rule, "delay": delay, "weight": weight, "duration": DURATION, **trains, "weights": weights}


def release(parameters, rule):
    """The membrane of one neuron that hears one source over a tsodyks2_synapse, every ms."""
    rng = np.random.default_rng(77)
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = H
    pre = [train(rng, 30, H)]
    neuron = nest.Create("iaf_psc_exp", params={"V_th": 1e6})
    nest.Connect(players(pre), neuron, syn_spec={"synapse_model": "tsodyks2_synapse", "weight": 200.0, "delay": 1.5, **parameters})
    meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": 1.0})
    nest.Connect(meter, neuron)
    nest.Simulate(DURATION + 1.0)
    voltages = meter.get("events", "V_m")[: int(DURATION)]
    return {"rule": rule, "delay": 1.5, "weight": 200, "duration": DURATION, "pre": pre, "V_m": [float(f"{v:.12g}") for v in voltages]}


results = {
    "learning": [run(i, *case) for i, case in enumerate(CASES)],
    "release": [
        release({"U": 0.5, "tau_rec": 300.0}, {"rule": "tsodyks2", "tau_rec": 300}),
        release({"U": 0.1, "u": 0.1, "tau_rec": 100.0, "tau_fac": 500.0},
                {"rule": "tsodyks2", "U": 0.1, "u": 0.1, "tau_rec": 100, "tau_fac": 500}),
    ],
}
OUT.write_text(json.dumps(results, separators=(",", ":")) + "\n")
print(OUT, OUT.stat().st_size, "bytes")
