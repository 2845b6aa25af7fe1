"""Builds in NEST 3.10 what a network file of snnsim says, so that both simulate the same description.

    resolved = resolve("networks/Brunel2000.json", ["parameters.g=4"])
    network = NestNetwork(resolved, seed=1)
    network.simulate(600.0)
    times, ids = network.spikes("E")
    network.plastic                        # the synapse model of each projection that learns (of its last pair of populations)

`resolve` lets the command `snnsim` ($SNNSIM_BINARY, or .build/release/snnsim) fill in defaults and do the arithmetic. The
conventions of NEST are left as they are, but for these, where the network file says more than NEST's defaults:

* V_m starts at `init.V_m`, or else at `E_L`: NEST's conductance models start at -70 mV whatever their E_L.
* Runs go on for longer than the longest delay and are cut afterwards, since a recorder gets the last spikes late.
* Plastic synapses meet their defaults in `_plasticity`; a rule's tau_minus is a property of the target neurons.
* Populations of the exact engine become `iaf_psc_*_ps` neurons (`iaf_psc_exp_ps_lossless`), at a resolution of 0.01 ms.
"""

import json
import os
import pathlib
import subprocess

import nest
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SNNSIM_BINARY", str(ROOT / ".build/release/snnsim"))
PRECISE = {
    "iaf_psc_delta": "iaf_psc_delta_ps", "iaf_psc_exp": "iaf_psc_exp_ps_lossless", "iaf_psc_alpha": "iaf_psc_alpha_ps",
}
PRECISE_RESOLUTION = 0.01


def floats(spec):
    """A list of numbers as NEST wants it: one that begins with an integer loses the fractions of the others."""
    return [float(x) for x in spec]


def resolve(path, assignments=()):
    """The network with every default filled in and every expression worked out, as snnsim understands it."""
    sets = [word for assignment in assignments for word in ("--set", assignment)]
    run = [BINARY, "check", str(path), "--resolved", *sets]
    return json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def value(spec):
    """A number, list or distribution of the network file as NEST takes it."""
    if not isinstance(spec, dict):
        return floats(spec) if isinstance(spec, list) else float(spec)
    if "file" in spec:
        return floats(np.load(spec["file"]))
    kind = spec["dist"]
    if kind == "uniform":
        return nest.random.uniform(spec["low"], spec["high"])
    if kind == "normal":
        drawn = nest.random.normal(spec["mean"], spec["sd"])
        if "min" in spec or "max" in spec:
            return nest.math.redraw(drawn, min=spec.get("min", -1e300), max=spec.get("max", 1e300))
        return drawn
    raise ValueError(f"no counterpart of {spec} in NEST")


def items(spec):
    return spec if isinstance(spec, list) else [spec]


class NestNetwork:
    """A network in NEST's kernel, which holds one at a time."""

    def __init__(self, resolved, seed, threads=1, record_spikes=True):
        self.resolved = resolved
        nest.ResetKernel()
        nest.verbosity = nest.VerbosityLevel.ERROR
        self.precise = resolved["run"]["engine"] == "exact"
        nest.resolution = PRECISE_RESOLUTION if self.precise else resolved["run"]["resolution"]
        nest.local_num_threads = threads
        nest.rng_seed = seed
        self.populations = {name: self._population(entry) for name, entry in resolved["populations"].items()}
        self.longest_delay = 0.0
        for name, entry in resolved.get("inputs", {}).items():
            if "size" in entry:
                self.populations[name] = self._sources(entry)
            else:
                self._input(entry)
        self.plastic = {}
        for name, entry in resolved.get("projections", {}).items():
            self._projection(name, entry)
        self.recorders = {}
        if record_spikes:
            for name in resolved["populations"]:
                neurons = self.populations[name]
                self.recorders[name] = nest.Create("spike_recorder")
                nest.Connect(neurons, self.recorders[name])

    def _population(self, entry):
        model = PRECISE[entry["model"]] if self.precise else entry["model"]
        neurons = nest.Create(model, entry["size"])
        # All at once: NEST refuses a reset above the threshold even in passing.
        neurons.set({name: value(spec) for name, spec in entry.get("params", {}).items()})
        start = {"V_m": entry["params"]["E_L"]} if "E_L" in entry.get("params", {}) else {}
        neurons.set({name: value(spec) for name, spec in {**start, **entry.get("init", {})}.items()})
        return neurons

    def _delay(self, spec):
        """The delay, after noting how long it can get."""
        if isinstance(spec, dict):
            longest = spec["high"] if spec["dist"] == "uniform" else spec["mean"] + 8 * spec["sd"]
        else:
            longest = np.max(spec)
        self.longest_delay = max(self.longest_delay, float(longest))
        return value(spec)

    def _sources(self, entry):
        """Sources that projections start from: parrots, which repeat one train each a step later."""
        if entry["type"] != "poisson":
            raise ValueError(f"no counterpart of an input of {entry['type']} with a size in NEST")
        parrots = nest.Create("parrot_neuron", entry["size"])
        source = nest.Create("poisson_generator", params={"rate": value(entry["rate"])})
        nest.Connect(source, parrots, syn_spec={"delay": nest.resolution})
        return parrots

    def _input(self, entry):
        during = {k: entry[k] for k in ("start", "stop") if k in entry}
        for name in items(entry["target"]):
            neurons = self.populations[name]
            if "ids" in entry and entry["type"] != "spikes":
                neurons = nest.NodeCollection([neurons[i].global_id for i in entry["ids"]])
            delay = self._delay(entry.get("delay", nest.resolution))
            synapse = {"delay": delay, **({"weight": value(entry["weight"])} if "weight" in entry else {})}
            kind = entry["type"]
            if kind == "spikes":
                self._spikes(entry, neurons, synapse)
                continue
            if kind == "poisson":
                source = nest.Create("poisson_generator", params={"rate": value(entry["rate"]), **during})
            elif kind == "dc":
                source = nest.Create("dc_generator", params={"amplitude": value(entry["amplitude"]), **during})
            elif kind == "steps":
                steps = {"amplitude_times": floats(entry["times"]), "amplitude_values": floats(entry["amplitudes"])}
                source = nest.Create("step_current_generator", params={**steps, **during})
            elif kind == "sine":
                wave = {k: entry[k] for k in ("amplitude", "offset", "frequency", "phase") if k in entry}
                source = nest.Create("ac_generator", params={**wave, **during})
            elif kind == "noise":
                wave = {k: entry[k] for k in ("mean", "std", "dt")}
                source = nest.Create("noise_generator", params={**wave, **during})
            else:
                raise ValueError(f"no counterpart of the input {kind} in NEST")
            nest.Connect(source, neurons, syn_spec=synapse)

    def _spikes(self, entry, neurons, synapse):
        trains = {}
        for i, time in enumerate(entry["times"]):
            # One train for all targets, or source i onto target i.
            for target in [entry["ids"][i]] if "ids" in entry else range(len(neurons)):
                trains.setdefault(target, []).append(time)
        if self.precise:
            # A delay between two steps of the grid: NEST gets later spikes with a delay on the grid.
            late = synapse["delay"] - 1.0
            synapse = {**synapse, "delay": 1.0}
        for target, times in trains.items():
            source = nest.Create("spike_generator")
            if self.precise:
                source.set(precise_times=True, spike_times=np.array(times) + late)
            else:
                source.set(spike_times=floats(times))
            nest.Connect(source, neurons[target], syn_spec=synapse)

    def _projection(self, projection, entry):
        rule = dict(entry["rule"])
        name = rule.pop("type")
        flags = {f"allow_{k}": rule.pop(k) for k in ("autapses", "multapses") if k in rule}
        if not rule.pop("same_index", True):
            raise ValueError("no counterpart of \"same_index\": false in NEST")
        synapse = {"delay": self._delay(entry["delay"]), "weight": value(entry["weight"])}
        for source in items(entry["source"]):
            for target in items(entry["target"]):
                pre, post = self.populations[source], self.populations[target]
                synapse = {**synapse, **self._plasticity(entry.get("plasticity", []), post)}
                if "synapse_model" in synapse:
                    self.plastic[projection] = synapse["synapse_model"]
                if name == "list":
                    self._pairs(rule, pre, post, synapse)
                    continue
                counts = {"k": {"fixed_indegree": "indegree", "fixed_outdegree": "outdegree"}.get(name), "n": "N", "p": "p"}
                arguments = {counts[k]: v for k, v in rule.items()}
                nest.Connect(pre, post, {"rule": name, **arguments, **flags}, synapse)

    def _plasticity(self, rules, post):
        """The synapse model of a plastic projection, as part of what `Connect` takes."""
        if not rules:
            return {}
        if len(rules) > 1:
            raise ValueError("no counterpart of two rules on one projection in NEST")
        rule = dict(rules[0])
        name = rule.pop("rule")
        nearest = rule.pop("pairing", "all_to_all") == "nearest"
        if name == "stdp":
            post.set(tau_minus=rule.pop("tau_minus"))
            dependence = rule.pop("dependence")
            if dependence == "power_law":
                if nearest or rule["w_0"] != 1:
                    raise ValueError("NEST's power law knows all pairs and w_0 = 1 only")
                return self._model("stdp_pl_synapse_hom", {
                    "tau_plus": rule["tau_plus"], "lambda": rule["lambda"], "alpha": rule["alpha"], "mu": rule["mu_plus"]})
            if dependence == "additive":
                rule["mu_plus"] = rule["mu_minus"] = 0.0
            parameters = {k: rule[k] for k in ("tau_plus", "lambda", "alpha", "mu_plus", "mu_minus")}
            return self._model(
                "stdp_nn_symm_synapse" if nearest else "stdp_synapse", {**parameters, "Wmax": rule["w_max"]})
        raise ValueError(f"no counterpart of the rule {name} in NEST")

    def _model(self, model, parameters):
        """A copy of a synapse model with these parameters: some are common to all synapses of a model."""
        self.copies = getattr(self, "copies", 0) + 1
        name = f"{model}_{self.copies}"
        nest.CopyModel(model, name, parameters)
        return {"synapse_model": name}

    def _pairs(self, rule, pre, post, synapse):
        columns = {k: rule.get(k, synapse[k]) for k in ("weight", "delay")}
        self.longest_delay = max(self.longest_delay, float(np.max(columns["delay"])))
        for i, (a, b) in enumerate(zip(rule["pre"], rule["post"])):
            one = {k: float(v[i]) if isinstance(v, list) else v for k, v in columns.items()}
            nest.Connect(pre[a], post[b], syn_spec=one)

    def record(self, population, variable, every):
        """Records a state variable of all neurons from now on."""
        meter = nest.Create("multimeter", params={"record_from": [variable], "interval": every})
        nest.Connect(meter, self.populations[population])
        return meter

    def simulate(self, duration):
        self.duration = duration
        nest.Simulate(np.ceil(duration + self.longest_delay + 2.0))

    def spikes(self, population):
        """Times (ms, ascending) and ids from 0 of the spikes up to the duration."""
        events = self.recorders[population].events
        ids = np.asarray(events["senders"]) - self.populations[population][0].global_id
        times = np.asarray(events["times"])
        inside = times <= self.duration + 1e-9
        order = np.lexsort((ids[inside], times[inside]))
        return times[inside][order], ids[inside][order]
