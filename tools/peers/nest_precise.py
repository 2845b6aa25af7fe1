"""Spike times of NEST's precise-timing neurons under random off-grid input, for the tests of the exact engine.

    python tools/peers/nest_precise.py Tests/SNNModelsTests/Fixtures/Exact/nest-precise.json

Needs NEST 3.10. Arrival times are those at the neuron. A resolution of 0.01 ms keeps the excursions above threshold that
`iaf_psc_exp_ps` and `iaf_psc_alpha_ps` overlook between two looks far apart; `iaf_psc_exp_ps_lossless` overlooks none.
"""

import json
import sys

import nest
import numpy as np

DURATION = 200.0
DELAY = 1.0

CASES = [
    ("iaf_psc_delta", "iaf_psc_delta_ps", {"I_e": 300.0}, 1.2, 2.0),
    ("iaf_psc_delta", "iaf_psc_delta_ps", {"I_e": 450.0, "tau_m": 17.0, "t_ref": 3.3, "V_reset": -64.0}, 2.0, 1.0),
    ("iaf_psc_exp", "iaf_psc_exp_ps", {"I_e": 300.0}, 120.0, 2.0),
    ("iaf_psc_exp", "iaf_psc_exp_ps", {"I_e": 780.0, "tau_syn_ex": 0.7, "tau_syn_in": 5.0, "t_ref": 1.3}, 100.0, 3.0),
    ("iaf_psc_exp", "iaf_psc_exp_ps", {"I_e": 0.0, "tau_syn_ex": 15.0, "tau_syn_in": 3.0}, 70.0, 2.0),
    ("iaf_psc_exp", "iaf_psc_exp_ps_lossless", {"I_e": 300.0}, 150.0, 2.0),
    ("iaf_psc_alpha", "iaf_psc_alpha_ps", {"I_e": 300.0}, 120.0, 2.0),
    ("iaf_psc_alpha", "iaf_psc_alpha_ps", {"I_e": 640.0, "tau_syn_ex": 1.1, "tau_syn_in": 4.0, "t_ref": 1.7}, 60.0, 3.0),
    ("iaf_psc_alpha", "iaf_psc_alpha_ps", {"I_e": 0.0, "tau_syn_ex": 13.0, "tau_syn_in": 2.5}, 60.0, 2.0),
]


def run(number, model, peer, parameters, weight, rate):
    rng = np.random.default_rng(4100 + number)
    count = rng.poisson(rate * DURATION)
    times = np.sort(np.round(rng.uniform(2.0, DURATION - 2.0, count), 6))
    weights = np.round(rng.choice([weight, weight, -weight], count) * rng.uniform(0.5, 1.5, count), 4)
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.resolution = 0.01
    neuron = nest.Create(peer, params=parameters)
    source = nest.Create(
        "spike_generator", params={"precise_times": True, "spike_times": times - DELAY, "spike_weights": weights}
    )
    recorder = nest.Create("spike_recorder")
    nest.Connect(source, neuron, syn_spec={"weight": 1.0, "delay": DELAY})
    nest.Connect(neuron, recorder, syn_spec={"delay": DELAY})
    nest.Simulate(DURATION + 2.0)
    spikes = np.asarray(recorder.get("events", "times"))
    return {
        "model": model,
        "peer": peer,
        "parameters": parameters,
        "until": DURATION,
        "times": times.tolist(),
        "weights": weights.tolist(),
        "spikes": [round(float(t), 12) for t in spikes if t <= DURATION],
    }


results = [run(i, *case) for i, case in enumerate(CASES)]
for r in results:
    print(r["peer"], len(r["times"]), "inputs", len(r["spikes"]), "spikes", file=sys.stderr)
with open(sys.argv[1], "w") as f:
    json.dump({"made_by": "tools/peers/nest_precise.py, NEST " + nest.__version__, "cases": results}, f)
    f.write("\n")
