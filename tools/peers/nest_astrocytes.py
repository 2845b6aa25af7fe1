"""Writes a reference run of astrocytes that drive neurons: Tests/SNNSimTests/Fixtures/nest/astrocytes.json.

Three astrocytes in NEST, one of them silent, the others oscillating, send slow inward currents with weights and delays of
their own to two neurons (which also receive spikes), and receive spikes themselves. The fixture holds the network file that
says the same and V_m, IP3 and Ca_astro every 10 ms. Run with a Python that has NEST 3.10:

    PYNEST_QUIET=1 python tools/peers/nest_astrocytes.py
"""

import json
import pathlib

import nest

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNSimTests/Fixtures/nest"
DURATION = 3000.0
EVERY = 10.0
ASTRO = {"IP3": [0.5, 0.16, 0.9], "Ca_astro": [0.3, 0.1, 0.45], "h_IP3R": [0.7, 0.79, 0.65]}
SIC = {"pre": [0, 0, 1, 2, 2, 2], "post": [0, 1, 0, 0, 1, 1], "weight": [30.0, 12.5, 100.0, 25.0, -8.0, 20.0],
       "delay": [0.5, 1.3, 0.5, 0.7, 2.0, 3.7]}
SPIKES = [12.0, 400.3, 401.1, 900.0, 1500.5, 2100.0]
NEURON = {"I_e": 300.0, "tau_syn_ex": 2.0}

nest.ResetKernel()
nest.resolution = 0.1
astrocytes = nest.Create("astrocyte_lr_1994", 3, params={"delta_IP3": 0.1})
for i in range(3):
    astrocytes[i].set({name: values[i] for name, values in ASTRO.items()})
neurons = nest.Create("aeif_cond_alpha_astro", 2, params=NEURON)
for a, n, weight, delay in zip(*SIC.values()):
    nest.Connect(astrocytes[a], neurons[n], syn_spec={"synapse_model": "sic_connection", "weight": weight, "delay": delay})
source = nest.Create("spike_generator", params={"spike_times": SPIKES})
nest.Connect(source, astrocytes, syn_spec={"weight": 0.5, "delay": 1.0})
nest.Connect(source, neurons, syn_spec={"weight": 3.0, "delay": 1.5})
meters = {}
for name, cells, states in (("V_m", neurons, ["V_m"]), ("astro", astrocytes, ["IP3", "Ca_astro"])):
    meters[name] = nest.Create("multimeter", params={"record_from": states, "interval": EVERY})
    nest.Connect(meters[name], cells)
recorder = nest.Create("spike_recorder")
nest.Connect(neurons, recorder)
nest.Simulate(DURATION + 1)


def trace(meter, state, cells):
    events = meter.events
    return [[float(v) for v, s in zip(events[state], events["senders"]) if s == c][: int(DURATION / EVERY)] for c in cells.tolist()]


network = {
    "format": "snnsim/1", "run": {"duration": DURATION, "resolution": 0.1},
    "populations": {
        "A": {"model": "astrocyte_lr_1994", "size": 3, "params": {"delta_IP3": 0.1}, "init": ASTRO},
        "N": {"model": "aeif_cond_alpha_astro", "size": 2, "params": NEURON},
    },
    "inputs": {
        "a": {"type": "spikes", "target": "A", "times": SPIKES, "weight": 0.5, "delay": 1.0},
        "n": {"type": "spikes", "target": "N", "times": SPIKES, "weight": 3.0, "delay": 1.5},
    },
    "projections": {"sic": {"source": "A", "target": "N", "synapse": "sic_connection", "rule": {"type": "list", **SIC}}},
    "record": {
        "V_m": {"what": "V_m", "of": "N", "every": EVERY}, "IP3": {"what": "IP3", "of": "A", "every": EVERY},
        "Ca_astro": {"what": "Ca_astro", "of": "A", "every": EVERY}, "spikes": {"what": "spikes", "of": "N"},
    },
}
record = {
    "source": f"NEST {nest.__version__}", "network": network, "spikes": [float(t) for t in recorder.events["times"]],
    "traces": {"V_m": trace(meters["V_m"], "V_m", neurons), "IP3": trace(meters["astro"], "IP3", astrocytes),
               "Ca_astro": trace(meters["astro"], "Ca_astro", astrocytes)},
}
(OUT / "astrocytes.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
print([len(v[0]) for v in record["traces"].values()], len(record["spikes"]), min(record["traces"]["V_m"][0]), max(record["traces"]["V_m"][0]))
