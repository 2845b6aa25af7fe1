"""Writes reference traces of NEST's neuron models: Tests/SNNModelsTests/Fixtures/nest/MODEL.json.

Each protocol holds everything a test needs to drive a neuron in the same way: parameters, initial values, input spikes as
[arrival time, weight], currents as [from, to, pA] (the current acts in steps inside (from, to]), and what NEST gave: V_m
after every step, other states after every fifth (of astrocytes, which are slow, after every hundredth), spike times. Run with a Python that has NEST 3.10:

    PYNEST_QUIET=1 python tools/peers/nest_traces.py [MODEL …]
"""

import json
import math
import pathlib
import sys

import nest

H = 0.1
EVERY = 5
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/SNNModelsTests/Fixtures/nest"


def protocol(model, name, duration, parameters=None, init=None, spikes=(), currents=(), delay=1.0):
    """spikes: (sent at, weight, delay); currents: (from, to, pA), all multiples of the resolution."""
    nest.ResetKernel()
    nest.resolution = H
    parameters = parameters or {}
    init = init or {}
    neuron = nest.Create(model, params={**parameters, **init})
    for lag in sorted({s[2] for s in spikes}):
        chosen = sorted(s for s in spikes if s[2] == lag)
        source = nest.Create(
            "spike_generator",
            params={"spike_times": [s[0] for s in chosen], "spike_weights": [float(s[1]) for s in chosen]},
        )
        nest.Connect(source, neuron, syn_spec={"delay": lag})
    for start, stop, amplitude in currents:
        source = nest.Create("dc_generator", params={"amplitude": amplitude, "start": start - delay, "stop": stop - delay})
        nest.Connect(source, neuron, syn_spec={"delay": delay})
    recorder = nest.Create("spike_recorder")
    if not model.startswith("astrocyte"):
        nest.Connect(neuron, recorder)
    left_out = ("t_ref_remaining", "I_SIC")
    states = [s for s in nest.GetDefaults(model).get("recordables", ()) if s not in left_out]
    traces = {}
    if states:
        meter = nest.Create("multimeter", params={"record_from": states, "interval": H})
        nest.Connect(meter, neuron)
    # The multimeter's last sample falls one step before the end of the run.
    nest.Simulate(duration + 1)
    steps = round(duration / H)
    if states:
        for s in sorted(states):
            every = 100 if model.startswith("astrocyte") else 1 if s == "V_m" else EVERY
            values = [float(x) for x in meter.events[s]]
            traces[s] = {"every": every, "values": values[every - 1 : steps : every]}
    return {
        "name": name,
        "duration": duration,
        "parameters": parameters,
        "init": init,
        "spikes": sorted([round(t + d, 6), w] for t, w, d in spikes),
        "currents": [list(c) for c in currents],
        "traces": traces,
        "spikeTimes": [float(t) for t in recorder.events["times"] if t < duration + H / 2],
    }


def train(start, interval, count, weight, delay=1.0):
    return [(round(start + interval * k, 1), weight, delay) for k in range(count)]


def current_models(model, unit):
    """Three protocols; `unit` scales weights to some mV or pA."""
    both = [(3.0, unit, 1.0), (3.0, -0.5 * unit, 2.5), (8.1, unit, 0.1), (9.2, 2 * unit, 1.5), (15.0, -2 * unit, 1.0)]
    both += [(15.2, unit, 1.0), (40.0, unit, 1.0), (40.0, unit, 1.0 + H), (60.3, -unit, 3.0)]
    yield protocol(
        model, "subthreshold", 100.0, {"E_L": -68.0, "V_reset": -72.0}, {"V_m": -66.5}, both,
        [(20.0, 30.0, 120.0), (50.0, 50.1, -400.0), (70.0, 80.0, -90.0)],
    )
    yield protocol(
        model, "regular firing", 100.0, {"I_e": 450.0, "C_m": 220.0, "tau_m": 12.0, "t_ref": 1.25}, {},
        train(5.0, 7.3, 12, 0.5 * unit) + train(6.1, 9.7, 9, -0.5 * unit, 1.7), [(30.0, 45.0, 150.0), (60.0, 75.0, -100.0)],
    )
    yield protocol(
        model, "refractory clamping", 100.0, {"I_e": 500.0, "V_reset": -65.0, "t_ref": 4.0}, {},
        train(2.0, 0.7, 120, 0.3 * unit) + train(2.0, 1.9, 45, -0.4 * unit, 0.7), [(10.0, 60.0, 200.0)],
    )


def singular(model):
    """Time constants that meet: equal, and apart by 1e-5 of their value."""
    yield protocol(
        model, "equal time constants", 50.0, {"tau_m": 8.0, "tau_syn_ex": 8.0, "tau_syn_in": 8.00008}, {},
        train(2.0, 5.1, 8, 150.0) + train(4.0, 6.3, 6, -100.0, 1.3),
    )


def conductance_models(model, extra=None, drive=600.0):
    extra = extra or {}
    mixed = train(3.0, 6.1, 14, 25.0) + train(4.7, 9.3, 9, -12.0, 1.5) + [(8.1, 60.0, 0.1), (50.0, -80.0, 2.0)]
    yield protocol(
        model, "subthreshold", 100.0, {**extra, "V_reset": -62.0}, {"V_m": -66.5}, mixed,
        [(20.0, 30.0, 120.0), (50.0, 50.1, -400.0), (70.0, 80.0, -90.0)],
    )
    yield protocol(
        model, "regular firing", 120.0, {**extra, "I_e": drive, "tau_syn_ex": 1.5, "tau_syn_in": 6.0, "t_ref": 1.25}, {},
        train(5.0, 7.3, 14, 6.0) + train(6.1, 9.7, 11, -5.0, 1.7), [(30.0, 45.0, 150.0), (60.0, 75.0, -100.0)],
    )
    yield protocol(
        model, "refractory clamping", 100.0, {**extra, "I_e": drive, "V_reset": -65.0, "t_ref": 4.0}, {},
        train(2.0, 0.7, 120, 12.0) + train(2.0, 1.9, 45, -4.0, 0.7), [(10.0, 60.0, 200.0)],
    )


def adaptive_models(model):
    yield from conductance_models(model, drive=900.0)
    yield protocol(model, "bursting, no refractory period", 120.0, {"I_e": 800.0, "V_reset": -47.0, "b": 60.0})
    yield protocol(model, "without the exponential", 60.0, {"Delta_T": 0.0, "I_e": 900.0, "t_ref": 1.0}, {},
                   train(3.0, 6.1, 9, 8.0))


def clopath(model):
    both = train(3.0, 6.1, 14, 3.0) + train(4.7, 9.3, 9, -2.0, 1.5)
    yield protocol(model, "subthreshold", 100.0, {}, {"V_m": -66.5}, both, [(20.0, 30.0, 200.0), (60.0, 70.0, -300.0)])
    yield protocol(model, "regular firing", 150.0, {"I_e": 1100.0, "t_ref": 1.5}, {}, both, [(50.0, 80.0, 150.0)])
    yield protocol(model, "spikes that are told", 120.0, {}, {}, train(5.0, 20.0, 6, 80.0))


def astrocyte(model):
    yield protocol(model, "all states from 1", 100.0, {}, {"IP3": 1.0, "Ca_astro": 1.0, "h_IP3R": 1.0}, [(9.0, 1.0, 1.0)])
    yield protocol(
        model, "a transient by input", 4000.0, {"delta_IP3": 0.05}, {"IP3": 0.4, "Ca_astro": 0.15},
        train(100.0, 311.7, 9, 0.7) + train(300.3, 0.9, 5, 0.2), [(2000.0, 2010.0, 0.01), (3000.0, 3020.0, -0.02)],
    )
    yield protocol(
        model, "other parameters", 2000.0,
        {"Ca_tot": 1.8, "IP3_0": 0.5, "Kd_act": 0.07, "Kd_inh": 0.9, "Kd_IP3_1": 0.12, "Kd_IP3_2": 0.9, "Km_SERCA": 0.12,
         "k_IP3R": 0.0003, "rate_IP3R": 0.007, "rate_L": 0.0002, "rate_SERCA": 0.001, "ratio_ER_cyt": 0.2, "tau_IP3": 900.0},
        {"IP3": 0.9, "Ca_astro": 0.3, "h_IP3R": 0.6},
    )


def izhikevich(model):
    both = train(3.0, 6.1, 14, 2.0) + train(4.7, 9.3, 9, -1.5, 1.5)
    yield protocol(model, "subthreshold", 100.0, {}, {"V_m": -70.0, "U_m": -14.0}, both, [(20.0, 30.0, 2.0), (60.0, 70.0, -3.0)])
    yield protocol(model, "regular firing", 150.0, {"I_e": 10.0}, {}, both, [(50.0, 80.0, 4.0)])
    yield protocol(
        model, "fast spiking with input at each spike", 120.0, {"a": 0.1, "d": 2.0, "I_e": 12.0, "c": -60.0}, {},
        train(2.0, 0.7, 140, 0.4) + train(2.0, 1.9, 50, -0.5, 0.7), [(10.0, 60.0, 3.0)],
    )


def parrot(model):
    # Weights are ignored; two spikes that arrive together are sent twice.
    yield protocol(model, "repeats", 30.0, spikes=[(2.0, 1.0, 1.0), (2.0, 1.0, 1.5), (2.5, 1.0, 1.0), (7.0, 3.0, 0.1), (29.0, 1.0, 1.0)])


def generators():
    """V_m of a default iaf_psc_delta under each kind of current generator, delay and start: which step does NEST let them act in?"""
    cases = [
        ("dc_generator", {"amplitude": 120.0, "start": 5.0, "stop": 12.0}),
        ("dc_generator", {"amplitude": 120.0}),
        ("step_current_generator", {"amplitude_times": [4.0, 9.0, 15.0], "amplitude_values": [100.0, -50.0, 30.0]}),
        ("step_current_generator", {"amplitude_times": [4.0, 9.0], "amplitude_values": [100.0, -50.0], "start": 6.0, "stop": 12.0}),
        ("ac_generator", {"amplitude": 150.0, "offset": 20.0, "frequency": 60.0, "phase": 35.0, "start": 5.0, "stop": 18.0}),
    ]
    for generator, parameters in cases:
        for delay in (0.1, 1.0, 2.5):
            nest.ResetKernel()
            nest.resolution = H
            neuron = nest.Create("iaf_psc_delta")
            source = nest.Create(generator, params=parameters)
            nest.Connect(source, neuron, syn_spec={"delay": delay})
            meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": H})
            nest.Connect(meter, neuron)
            nest.Simulate(26.0)
            series = {k: v for k, v in parameters.items() if isinstance(v, list)}
            numbers = {k: v for k, v in parameters.items() if not isinstance(v, list)}
            values = [float(x) for x in meter.events["V_m"]][:250]
            yield {"generator": generator, "delay": delay, "numbers": numbers, "series": series, "V_m": values}


MODELS = {
    "iaf_psc_delta": lambda m: current_models(m, 2.5),
    "iaf_psc_exp": lambda m: [*current_models(m, 250.0), *singular(m)],
    "iaf_psc_alpha": lambda m: [*current_models(m, 200.0), *singular(m)],
    "iaf_cond_exp": conductance_models,
    "iaf_cond_alpha": conductance_models,
    "aeif_cond_exp": adaptive_models,
    "aeif_psc_delta_clopath": clopath,
    "aeif_cond_alpha_astro": adaptive_models,
    "astrocyte_lr_1994": astrocyte,
    "izhikevich": izhikevich,
    "parrot_neuron": parrot,
}

if __name__ == "__main__":
    nest.set_verbosity("M_ERROR")
    OUT.mkdir(parents=True, exist_ok=True)
    record = {"source": f"NEST {nest.__version__}", "resolution": H, "cases": list(generators())}
    (OUT / "generators.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    for model, protocols in MODELS.items():
        if len(sys.argv) > 1 and model not in sys.argv[1:]:
            continue
        record = {"model": model, "source": f"NEST {nest.__version__}", "resolution": H, "protocols": list(protocols(model))}
        assert all(math.isfinite(x) for p in record["protocols"] for t in p["traces"].values() for x in t["values"])
        text = json.dumps(record, separators=(",", ":"))
        (OUT / f"{model}.json").write_text(text + "\n")
        print(model, len(text), [(p["name"], len(p["spikeTimes"]), len(p["traces"].get("V_m", {"values": []})["values"])) for p in record["protocols"]])
