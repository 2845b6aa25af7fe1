import SNNSignals

/// A few neurons, inputs and rules: enough for every kind of field.
let testVocabulary: Vocabulary = {
  var delta = EntryDescription(
    category: .neuron, name: "iaf_psc_delta", summary: "Leaky neuron.", equations: "V' = -V/tau_m", source: "test",
    fields: [
      FieldDescription("tau_m", .quantity, .ms, default: .number(10), .positive, "membrane time constant"),
      FieldDescription("C_m", .quantity, .pF, default: .number(250), .positive, "membrane capacitance"),
      FieldDescription("E_L", .quantity, .mV, default: .number(-70), .any, "resting potential"),
      FieldDescription("V_th", .quantity, .mV, default: .number(-55), .any, "threshold"),
      FieldDescription("V_reset", .quantity, .mV, default: .number(-70), .any, "reset"),
      FieldDescription("t_ref", .quantity, .ms, default: .number(2), .nonNegative, "refractory period"),
      FieldDescription("I_e", .quantity, .pA, default: .number(0), .any, "constant current"),
    ])
  delta.states = [FieldDescription("V_m", .quantity, .mV, default: .number(-70), .any, "membrane potential")]
  delta.engines = ["grid", "exact"]
  delta.weightUnit = .mV
  var cond = EntryDescription(
    category: .neuron, name: "iaf_cond_exp", summary: "Conductances.", equations: "C V' = ...", source: "test",
    fields: [
      FieldDescription("g_L", .quantity, .nS, default: .number(16.6667), .positive, "leak"),
      FieldDescription("E_ex", .quantity, .mV, default: .number(0), .any, "excitatory reversal potential"),
    ])
  cond.states = [
    FieldDescription("V_m", .quantity, .mV, default: .number(-70), .any, "membrane potential"),
    FieldDescription("g_ex", .quantity, .nS, default: .number(0), .nonNegative, "excitatory conductance"),
  ]
  cond.engines = ["grid"]
  cond.weightUnit = .nS
  let poisson = EntryDescription(
    category: .input, name: "poisson", summary: "Poisson trains.", equations: "", source: "test",
    fields: [FieldDescription("rate", .series, .Hz, default: .required, .nonNegative, "rate of each train")])
  let spikes = EntryDescription(
    category: .input, name: "spikes", summary: "Given spikes.", equations: "", source: "test",
    fields: [
      FieldDescription("times", .numbers, .ms, default: .absent, .positive, "spike times"),
      FieldDescription("ids", .ids, default: .absent, .any, "which target gets each spike"),
      FieldDescription("file", .path, default: .absent, .any, "file of spikes"),
    ])
  let sine = EntryDescription(
    category: .input, name: "sine", summary: "Sine current.", equations: "", source: "test",
    fields: [
      FieldDescription("amplitude", .scalar, .pA, default: .required, .any, "amplitude"),
      FieldDescription("frequency", .scalar, .Hz, default: .number(10), .nonNegative, "frequency"),
      FieldDescription("phase", .scalar, .degree, default: .number(0), .any, "phase"),
    ])
  let all = EntryDescription(
    category: .rule, name: "all_to_all", summary: "Everybody.", equations: "", source: "test",
    fields: [FieldDescription("autapses", .boolean, default: .boolean(false), .any, "connect neurons to themselves")])
  let indegree = EntryDescription(
    category: .rule, name: "fixed_indegree", summary: "k sources.", equations: "", source: "test",
    fields: [
      FieldDescription("k", .integer, default: .required, .nonNegative, "sources of each target"),
      FieldDescription("autapses", .boolean, default: .boolean(false), .any, "connect neurons to themselves"),
      FieldDescription("multapses", .boolean, default: .boolean(true), .any, "connect a pair several times"),
      FieldDescription("order", .choice(["random", "near"]), default: .text("random"), .any, "which sources"),
    ])
  let list = EntryDescription(
    category: .rule, name: "list", summary: "Given pairs.", equations: "", source: "test",
    fields: [
      FieldDescription("pre", .ids, default: .required, .any, "sources"),
      FieldDescription("post", .ids, default: .required, .any, "targets"),
      FieldDescription("weight", .numbers, default: .absent, .any, "weights"),
    ])
  let stdp = EntryDescription(
    category: .plasticity, name: "stdp", summary: "Pairs.", equations: "", source: "test",
    fields: [
      FieldDescription("pairing", .choice(["all_to_all", "nearest"]), default: .text("all_to_all"), .any, "which pairs"),
      FieldDescription("lambda", .scalar, default: .number(0.01), .nonNegative, "size of a change"),
    ])
  let structural = EntryDescription(
    category: .plasticity, name: "structural_plasticity", summary: "Prunes.", equations: "", source: "test",
    fields: [
      FieldDescription("interval", .scalar, .ms, default: .number(1000), .positive, "time between two rewirings"),
      FieldDescription("w_new", .scalar, default: .required, .nonNegative, "magnitude of a new weight"),
      FieldDescription("until", .scalar, .ms, default: .absent, .positive, "when rewiring ends"),
      FieldDescription("threshold", .scalar, default: .number(0), .nonNegative, "what is pruned"),
      FieldDescription("fraction", .scalar, default: .number(0), .fraction, "part that is pruned"),
    ])
  let third = EntryDescription(
    category: .third, name: "third_factor_bernoulli_with_pool", summary: "Joins.", equations: "", source: "test",
    fields: [
      FieldDescription("p", .scalar, default: .number(1), .fraction, "probability"),
      FieldDescription("pool_size", .integer, default: .absent, .positive, "cells of a pool"),
      FieldDescription("pool_type", .choice(["random", "block"]), default: .text("random"), .any, "how pools are made"),
    ])
  let learner = EntryDescription(
    category: .learner, name: "perceptron", summary: "Learns.", equations: "", source: "test",
    fields: [
      FieldDescription("learning_rate", .scalar, default: .number(0.1), .positive, "size of a step"),
      FieldDescription("layers", .integers, default: .numbers([30, 20]), .positive, "sizes of layers"),
      FieldDescription("rates", .numbers, default: .numbers([0.5]), .any, "a rate for each layer"),
    ])
  let encoder = EntryDescription(
    category: .encoder, name: "rate", summary: "Spikes.", equations: "", source: "test",
    fields: [FieldDescription("steps", .integer, default: .number(25), .positive, "steps of a sample")])
  let data = EntryDescription(
    category: .data, name: "drawn", summary: "Without a file.", equations: "", source: "test",
    fields: [
      FieldDescription("classes", .integer, default: .required, .positive, "number of classes"),
      FieldDescription("split", .choice(["train", "test"]), default: .text("train"), .any, "which part"),
    ])
  return Vocabulary(
    [delta, cond, poisson, spikes, sine, all, indegree, list, third, stdp, structural, learner, encoder, data])
}()
