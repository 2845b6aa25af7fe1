"""Translates a network of snnsim into a Brian2 program in C++ (standalone), as somebody who knows Brian2 would write it.

    python tools/peers/brian2_network.py FOLDER < REQUEST      # {"resolved": …, "duration": ms, "threads": 1, "seed": 1}

leaves a compiled program in FOLDER, with `program.json` beside it, which says which populations it holds. What was chosen for speed:

* Populations of one model and the same constants share a `NeuronGroup`; I_e may differ between its populations.
* Projections between the same groups onto the same variable share a `Synapses` object when their weights, delays or both are
  drawn; one weight or delay for all is a constant of the program. Synapses are sorted by source, in which order spikes read them.
* Currents that decay alike are one variable. Linear models are stepped exactly, conductances by exponential Euler, as in
  Brian2's own examples.
* Plastic projections have a `Synapses` object each, with traces that are brought up to date at spikes.
* Poisson trains are `PoissonInput`s; between a start and a stop they are one among several runs.
* `-O3 -ffast-math -march=native`, OpenMP from two threads on.

Times are those of the grid: a delay is rounded to whole steps, also where snnsim would keep it exact.
"""

import json
import pathlib
import sys
import time

import brian2 as b2
import numpy as np

# Without -fno-finite-math-only, which Brian2 adds by itself: it would keep `exp` out of vector loops.
FLAGS = ["-w", "-O3", "-ffast-math", "-march=native", "-std=c++11"]
DELTA = "dv/dt = (E_L - v{drive})/(tau_m*ms) : 1 (unless refractory)"
CURRENT = "dv/dt = (E_L - v)/(tau_m*ms) + ({sum})/(C_m*ms) : 1 (unless refractory)"
CONDUCTANCE = """
dv/dt = (g_L*(E_L - v) + g_ex*(E_ex - v) + g_in*(E_in - v){drive})/(C_m*ms) : 1 (unless refractory)
dg_ex/dt = -g_ex/(tau_syn_ex*ms) : 1
dg_in/dt = -g_in/(tau_syn_in*ms) : 1
"""


class Model:
    """The equations of one model with given constants: voltages in mV, currents in pA, conductances in nS."""

    def __init__(self, name, constants, drive, own_drive):
        alike = constants.get("tau_syn_ex") == constants.get("tau_syn_in")
        if name == "iaf_psc_delta":
            self.equations, self.method = DELTA.format(drive=" + I_e*tau_m/C_m" if drive else ""), "exact"
            self.variables = ("v", "v")
        elif name == "iaf_psc_exp":
            currents = ["I"] if alike else ["I_ex", "I_in"]
            lines = [CURRENT.format(sum=" + ".join(currents + ["I_e"] * drive))]
            for current, tau in zip(currents, ("tau_syn_ex", "tau_syn_in")):
                lines.append(f"d{current}/dt = -{current}/({tau}*ms) : 1")
            self.equations, self.method = "\n".join(lines), "exact"
            self.variables = (currents[0], currents[-1])
        elif name == "iaf_cond_exp":
            self.equations, self.method = CONDUCTANCE.format(drive=" + I_e" if drive else ""), "exponential_euler"
            self.variables = ("g_ex", "g_in")
        else:
            raise ValueError(f"no program for the model {name} in Brian2")
        if drive and own_drive:
            self.equations += "\nI_e : 1 (constant)"

    def input(self, weight):
        """The variable that an input of this sign acts on, and by how much: conductances take magnitudes."""
        variable = self.variables[0 if weight >= 0 else 1]
        return variable, self.sign(variable) * weight

    def sign(self, variable):
        return -1 if variable == "g_in" else 1


def items(spec):
    return spec if isinstance(spec, list) else [spec]


def drawn(spec, count, rng):
    """`count` values of a number, list or distribution of the network file."""
    if not isinstance(spec, dict):
        return np.broadcast_to(np.asarray(spec, float), (count,))
    if spec["dist"] == "uniform":
        return rng.uniform(spec["low"], spec["high"], count)
    if spec["dist"] != "normal":
        raise ValueError(f"no counterpart of {spec} here")
    low, high = spec.get("min", -np.inf), spec.get("max", np.inf)
    values = rng.normal(spec["mean"], spec["sd"], count)
    while (outside := np.flatnonzero((values < low) | (values > high))).size:
        values[outside] = rng.normal(spec["mean"], spec["sd"], outside.size)
    return values


def sign(spec):
    """-1 for a weight that inhibits."""
    if isinstance(spec, dict):
        spec = spec["mean"] if spec["dist"] == "normal" else spec["low"] + spec["high"]
    return -1 if np.min(spec) < 0 else 1


def pairs(rule, sources, targets, same, rng):
    """Source and target neurons of the synapses of one projection, counted from 0 within their populations."""
    kind, apart = rule["type"], same and not rule["autapses"] or not rule.get("same_index", True)
    if kind == "pairwise_bernoulli":
        rows = [np.flatnonzero(rng.random(targets) < rule["p"]).astype(np.int32) for _ in range(sources)]
        pre = np.repeat(np.arange(sources, dtype=np.int32), [len(row) for row in rows])
        post = np.concatenate(rows)
        return (pre[pre != post], post[pre != post]) if apart else (pre, post)
    if kind == "all_to_all":
        pre, post = np.divmod(np.arange(sources * targets, dtype=np.int32), np.int32(targets))
        return (pre[pre != post], post[pre != post]) if apart else (pre, post)
    if not rule["multapses"]:
        raise ValueError(f"{kind} without multapses is not translated")
    if kind == "fixed_total_number":
        draws = [lambda n: rng.integers(sources, size=n, dtype=np.int32), lambda n: rng.integers(targets, size=n, dtype=np.int32)]
        pre, post = (draw(rule["n"]) for draw in draws)
    elif kind == "fixed_indegree":
        draws = [lambda n: rng.integers(sources, size=n, dtype=np.int32), None]
        post = np.repeat(np.arange(targets, dtype=np.int32), rule["k"])
        pre = draws[0](post.size)
    elif kind == "fixed_outdegree":
        draws = [None, lambda n: rng.integers(targets, size=n, dtype=np.int32)]
        pre = np.repeat(np.arange(sources, dtype=np.int32), rule["k"])
        post = draws[1](pre.size)
    else:
        raise ValueError(f"no counterpart of the rule {kind} here")
    while apart and (own := np.flatnonzero(pre == post)).size:
        for column, draw in zip((pre, post), draws):
            if draw:
                column[own] = draw(own.size)
    return pre, post


def pair_stdp(rules, transmit, delay):
    """What `Synapses` takes for pair STDP, additive or multiplicative, between all spikes.

    A delay d is dendritic in NEST and snnsim: a presynaptic spike meets its synapse at once, one of the neuron d later. Here all of
    this happens another d later, so that one pathway learns and transmits: presynaptic spikes after d, those of the neuron after
    2 d. Pairs, weights and moments of transmission are the same, but for two things: of spikes that meet in one step the
    presynaptic one comes first here and the pair potentiates, there it changes nothing; and what happens in the last d of a run
    is left out.
    """
    rule = rules[0]
    if len(rules) > 1 or rule["rule"] != "stdp" or rule["dependence"] == "power_law" or rule["pairing"] != "all_to_all":
        raise ValueError(f"no program for the plasticity {rules} in Brian2")
    step, bound = rule["lambda"] * rule["w_max"], float(rule["w_max"])
    power = lambda base, mu: "" if mu == 0 or rule["dependence"] == "additive" else f"*({base})" if mu == 1 else f"*({base})**{mu}"
    up = f"{step!r}*x" + power(f"1 - w/{bound!r}", rule["mu_plus"])
    down = f"{rule['alpha'] * step!r}*y" + power(f"w/{bound!r}", rule["mu_minus"])
    return {
        "model": f"""
w : 1
dx/dt = -x/({float(rule["tau_plus"])!r}*ms) : 1 (event-driven)
dy/dt = -y/({float(rule["tau_minus"])!r}*ms) : 1 (event-driven)
""",
        "on_pre": f"""
x += 1
w = clip(w - {down}, 0, {bound!r})
{transmit}
""",
        "on_post": f"""
y += 1
w = clip(w + {up}, 0, {bound!r})
""",
        "delay": {"pre": delay, "post": 2 * delay},
    }


class Brian2Program:
    """The network as objects of Brian2, in the device that the caller has set."""

    def __init__(self, resolved, duration, seed):
        self.resolved, self.duration = resolved, duration
        self.step = resolved["run"]["resolution"]
        self.rng = np.random.default_rng(seed)
        b2.defaultclock.dt = self.step * b2.ms
        self.inputs = [
            (target, entry) for entry in resolved.get("inputs", {}).values() if "size" not in entry for target in entry["target"]]
        self.groups, self.models, self.drives, self.places = [], [], [], {}
        self._neurons()
        self.monitors = [b2.SpikeMonitor(group, name=f"spikes_{i}") for i, group in enumerate(self.groups)]
        self._sources()
        self.network = b2.Network(self.groups)
        self.network.add(self.monitors)
        self.synapses, self.plastic = 0, {}
        self._projections()
        self._poisson()

    def _neurons(self):
        folds = {}
        for name, entry in self.resolved["populations"].items():
            constants = {k: v for k, v in entry["params"].items() if k != "I_e"}
            one_drive = isinstance(entry["params"].get("I_e", 0), (int, float))
            folds.setdefault((entry["model"], json.dumps(constants, sort_keys=True), one_drive), []).append(name)
        for (model, constants, _), names in folds.items():
            self._group(model, json.loads(constants), names)

    def _group(self, model, constants, names):
        entries = [self.resolved["populations"][name] for name in names]
        sizes = [entry["size"] for entry in entries]
        drives = [entry["params"].get("I_e", 0) for entry in entries]
        switched = any(kind["type"] == "dc" and target in names for target, kind in self.inputs)
        own_drive = switched or len({json.dumps(drive) for drive in drives}) > 1 or not isinstance(drives[0], (int, float))
        described = Model(model, constants, own_drive or drives[0] != 0, own_drive)
        namespace = {k: float(v) for k, v in constants.items()} | ({} if own_drive else {"I_e": float(drives[0])})
        # The threshold of NEST is reached, not passed.
        group = b2.NeuronGroup(
            sum(sizes), described.equations, method=described.method, threshold="v >= V_th", reset="v = V_reset",
            refractory=constants["t_ref"] * b2.ms, namespace=namespace, name=f"neurons_{len(self.groups)}")
        starts = np.cumsum([0, *sizes[:-1]])
        for name, start, size in zip(names, starts, sizes):
            self.places[name] = (len(self.groups), int(start), size)
        rest = constants["E_L"]
        group.v = np.concatenate([drawn(e.get("init", {}).get("V_m", rest), e["size"], self.rng) for e in entries])
        self.models.append(described)
        self.drives.append(None)
        if own_drive:
            self.drives[-1] = np.concatenate([drawn(drive, size, self.rng) for drive, size in zip(drives, sizes)])
            group.I_e = self.drives[-1]
        self.groups.append(group)

    def _sources(self):
        """Sources that projections start from: groups of their own, after those of neurons and without monitors."""
        for name, entry in self.resolved.get("inputs", {}).items():
            if "size" not in entry:
                continue
            if entry["type"] != "poisson" or not isinstance(entry["rate"], (int, float)) or entry.get("start", 0) or "stop" in entry:
                raise ValueError(f"no program for the sources {name} in Brian2")
            self.places[name] = (len(self.groups), 0, entry["size"])
            self.groups.append(b2.PoissonGroup(entry["size"], entry["rate"] * b2.Hz, name=f"sources_{len(self.groups)}"))

    def _projections(self):
        folds = {}
        for name, entry in self.resolved.get("projections", {}).items():
            learns = name if entry.get("plasticity") else None
            for source in entry["source"]:
                for target in entry["target"]:
                    (pre, _, _), (post, _, _) = self.places[source], self.places[target]
                    variable, _ = self.models[post].input(sign(entry["weight"]))
                    shared = [entry[k] if isinstance(entry[k], (int, float)) else None for k in ("weight", "delay")]
                    if learns:
                        shared[0] = None
                    folds.setdefault((pre, post, variable, *shared, learns), []).append((source, target, entry))
        for i, (key, members) in enumerate(folds.items()):
            self._fold(i, *key, members)

    def _fold(self, index, source, target, variable, weight, delay, learns, members):
        columns = {"pre": [], "post": [], "weight": [], "delay": []}
        for source_name, target_name, entry in members:
            (_, pre_start, sources), (_, post_start, targets) = self.places[source_name], self.places[target_name]
            pre, post = pairs(entry["rule"], sources, targets, source_name == target_name, self.rng)
            pre += pre_start
            post += post_start
            columns["pre"].append(pre)
            columns["post"].append(post)
            for name, shared in (("weight", weight), ("delay", delay)):
                if shared is None:
                    columns[name].append(drawn(entry[name], pre.size, self.rng))
        columns = {name: np.concatenate(parts) for name, parts in columns.items() if parts}
        order = np.argsort(columns["pre"], kind="stable")
        columns = {name: column[order] for name, column in columns.items()}
        self.synapses += order.size
        amount = "w" if weight is None else repr(float(self.models[target].input(weight)[1]))
        options = {} if delay is None else {"delay": round(delay / self.step) * self.step * b2.ms}
        options |= {"model": "w : 1 (constant)" if weight is None else "", "on_pre": f"{variable}_post += {amount}"}
        if learns:
            if delay is None or variable == "g_in" or sign(members[0][2]["weight"]) < 0:
                raise ValueError(f"{learns}: plastic synapses must excite, with one delay, to have a program in Brian2")
            options |= pair_stdp(members[0][2]["plasticity"], options["on_pre"], options["delay"])
            self.plastic[learns] = f"synapses_{index}"
        synapses = b2.Synapses(self.groups[source], self.groups[target], name=f"synapses_{index}", **options)
        synapses.connect(i=columns["pre"], j=columns["post"])
        if weight is None:
            synapses.w = self.models[target].sign(variable) * columns["weight"]
        if delay is None:
            synapses.delay = np.maximum(1, np.round(columns["delay"] / self.step)) * self.step * b2.ms
        self.network.add(synapses)

    def _poisson(self):
        self.trains = []
        for target, entry in self.inputs:
            if entry["type"] == "dc":
                continue
            if entry["type"] != "poisson":
                raise ValueError(f"no program for the input {entry['type']} in Brian2")
            index, start, size = self.places[target]
            ids = entry.get("ids", range(size))
            if list(ids) != list(range(ids[0], ids[0] + len(ids))):
                raise ValueError("the ids of a Poisson input must be consecutive to be a subgroup")
            group = self.groups[index]
            first = start + ids[0]
            whole = first == 0 and len(ids) == len(group)
            variable, amount = self.models[index].input(entry["weight"])
            # As many sources as fire at about 10 Hz each: the law is Poisson's to a thousandth.
            count = max(1, round(entry["rate"] / 10))
            train = b2.PoissonInput(
                group if whole else group[first:first + len(ids)], variable, N=count, rate=entry["rate"] / count * b2.Hz,
                weight=amount)
            self.network.add(train)
            self.trains.append((train, entry))

    def run(self):
        """One run for each span between the starts and stops of inputs."""
        edges = {0.0, self.duration}
        for _, entry in self.inputs:
            edges |= {float(entry[k]) for k in ("start", "stop") if k in entry and entry[k] < self.duration}
        edges = sorted(edges)
        during = lambda entry, t: entry.get("start", 0) <= t < entry.get("stop", np.inf)
        for begin, end in zip(edges, edges[1:]):
            for train, entry in self.trains:
                train.active = during(entry, begin)
            for i, group in enumerate(self.groups[:len(self.models)]):
                if (extra := self._currents(i, lambda entry: during(entry, begin))) is not None:
                    group.I_e = self.drives[i] + extra
            self.network.run((end - begin) * b2.ms)

    def _currents(self, index, active):
        entries = [(t, e) for t, e in self.inputs if e["type"] == "dc" and self.places[t][0] == index]
        if not entries:
            return None
        extra = np.zeros(len(self.groups[index]))
        for target, entry in entries:
            _, start, size = self.places[target]
            if active(entry):
                extra[start + np.asarray(entry.get("ids", range(size)))] += entry["amplitude"]
        return extra


def main():
    folder = pathlib.Path(sys.argv[1])
    request = json.load(sys.stdin)
    began = time.perf_counter()
    b2.BrianLogger.log_level_error()
    b2.set_device("cpp_standalone", build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = request["threads"] if request["threads"] > 1 else 0
    b2.prefs.codegen.cpp.extra_compile_args_gcc = FLAGS
    # Brian2 leaves the time of the last run only.
    b2.device.insert_code("before_start", "double simulated = 0;")
    b2.device.insert_code("after_network_run", "simulated += Network::_last_run_time;")
    b2.device.insert_code("before_end", 'std::ofstream(brian::results_dir + "simulated_s.txt") << simulated << std::endl;')
    program = Brian2Program(request["resolved"], request["duration"], request["seed"])
    program.run()
    drawn_at = time.perf_counter()
    b2.device.build(directory=str(folder / "program"), run=False, compile=True)
    about = {
        "version": b2.__version__, "synapses": program.synapses, "plastic": program.plastic,
        "places": {name: program.places[name] for name in program.resolved["populations"]},
        "draw_s": drawn_at - began, "compile_s": time.perf_counter() - drawn_at,
    }
    (folder / "program.json").write_text(json.dumps(about) + "\n")


if __name__ == "__main__":
    main()
