import SNNSignals

/// The JSON Schema (draft-07) of the network file, made from the vocabulary: for editors and for checks by other programs.
///
/// It describes one file by itself. That names resolve, lists have the right length and delays reach the resolution is checked
/// by ``NetworkFileReader`` alone.
public struct JSONSchema: Sendable {
  let vocabulary: Vocabulary

  public init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// The schema, ending with a line break.
  public var text: String {
    let root: [Member] =
      [("$schema", .text("http://json-schema.org/draft-07/schema#")), ("title", .text("snnsim network file"))]
      + Self.object(
        [
          ("format", .object([("const", .text(NetworkReading.format))])),
          ("name", Self.text("names the run and its results")),
          ("parameters", Self.map(Self.anyOf([Self.typed("number"), Self.typed("string")]), "what ${name} stands for")),
          ("run", .object(run)), ("populations", Self.map(.object(population), "groups of neurons that share a model")),
          ("inputs", Self.map(.object(input), "spikes and currents from outside")),
          ("rules", Self.map(.object(learningRule), "learning rules that projections may call by name")),
          ("projections", Self.map(.object(projection), "connections from one population to another")),
          ("data", Self.map(.object(dataSet), "sets of labelled samples")), ("train", .object(train)),
          (
            "readout",
            .object(
              Self.object(
                [
                  ("of", Self.text("the population whose spikes are counted")),
                  ("input", Self.text("the input of type dataset that plays the samples")),
                  ("assign", Self.text("the data set that gives each neuron its class")),
                  ("test", Self.text("the data set that is classified")),
                ], required: ["of", "input", "assign", "test"]))
          ),
          ("record", Self.map(.object(record), "what is kept of the run")), ("output", .object(output)),
          ("stop_when", .object(stopWhen)), ("stream", .object(stream)),
        ], required: ["format"]) + [
        ("anyOf", .array([.object(simulated), .object([("required", ["train"])])]))
      ]
    return JSONText.object(root).pretty
  }

  private var engine: JSONText { Self.choice(EngineChoice.allCases.map(\.rawValue), "the engine", standard: .text("auto")) }

  private var run: [Member] {
    Self.object(
      [
        ("duration", Self.quantity(.ms, .positive, "simulated time; a run ends with its last whole step")),
        ("resolution", Self.quantity(.ms, .range(1e-3...1e6), "step of the grid", standard: .number(0.1))),
        ("engine", engine), ("seed", Self.described(Self.integer, "seed of all random numbers", standard: .integer(1))),
      ], required: [])
  }

  /// What a file must have that is no training.
  private var simulated: [Member] {
    [
      ("required", ["run", "populations"]),
      ("properties", .object([("run", .object([("required", ["duration"])]))])),
    ]
  }

  private var population: [Member] {
    let models = vocabulary.entries(.neuron)
    let conditions = models.map { model in
      Self.condition(
        "model", model.name,
        then: .object([
          ("properties", .object([("params", .object(fields(model.fields))), ("init", .object(fields(model.states)))]))
        ]))
    }
    return Self.object(
      [
        ("model", Self.choice(models.map(\.name), "the neuron model")),
        ("size", Self.described(Self.integer, "number of neurons")), ("params", Self.typed("object")),
        ("init", Self.typed("object")), ("like", Self.text("copies model, size, params, init and engine of another population")),
        ("engine", engine),
      ], required: []) + [("allOf", .array(conditions))]
  }

  private var input: [Member] {
    let entries = vocabulary.entries(.input)
    let conditions = entries.map { entry in
      let common = commonInputFields.filter { field in !entry.fields.contains { $0.name == field.0 } }
      return Self.condition(
        "type", entry.name,
        then: .object(Self.object(common + entry.fields.map { ($0.name, Self.field($0)) }, required: ["type"] + required(entry))))
    }
    return [
      ("type", .text("object")),
      ("properties", .object([("type", Self.choice(entries.map(\.name), "the kind of input"))])),
      ("required", .array([.text("type")])), ("allOf", .array(conditions)),
    ]
  }

  private var commonInputFields: [Member] {
    [
      ("type", .object([])), ("target", Self.names("the populations it feeds")),
      ("size", Self.described(Self.integer, "number of trains, for projections to start from")),
      ("weight", Self.value(nil, .any, "in the unit of the target's weights", standard: .number(1))),
      ("delay", Self.value(.ms, .positive, "delay", standard: .number(1))), ("receptor", receptor),
      ("start", Self.quantity(.ms, .nonNegative, "first moment", standard: .number(0))),
      ("stop", Self.quantity(.ms, .nonNegative, "last moment; the end of the run unless given")),
      ("ids", Self.ids("a subset of the target")),
      (
        "live",
        Self.described(
          .object([("type", .text("boolean"))]),
          "whether the stream's control may set rate or amplitude (poisson, dc) while the run goes on")
      ),
    ]
  }

  private var receptor: JSONText {
    Self.choice(ReceptorChoice.allCases.map(\.rawValue), "excitatory or inhibitory; by the sign of the weight unless given")
  }

  private var projection: [Member] {
    let storage = Self.choice(
      NetworkReading.storages, "whether synapses are kept in tables or drawn anew at each spike", standard: .text("auto"))
    return Self.object(
      [
        ("source", Self.names("populations or inputs with a size")), ("target", Self.names("populations")),
        ("rule", .object(rule)),
      ] + connection(synapse: .spikes) + [("storage", storage), ("third", third)], required: ["source", "target", "rule"])
  }

  /// What a projection and the legs of a third population have in common.
  private func connection(synapse: SynapseChoice) -> [Member] {
    let parts = Self.object(
      ["axonal", "dendritic"].map { ($0, Self.quantity(.ms, .nonNegative, "part of the delay", standard: .number(0))) },
      required: [])
    let delay = Self.described(
      Self.anyOf([Self.value(.ms, .positive, nil), .object(parts)]), "delay, ms", standard: .number(1))
    let rules = Self.anyOf([.object(learningRule), Self.text("an entry of rules")])
    let list: JSONText = .object([("type", .text("array")), ("items", rules)])
    return [
      ("weight", Self.value(nil, .any, "in the unit of the target's weights", standard: .number(1))), ("delay", delay),
      ("receptor", receptor),
      (
        "synapse",
        Self.choice(
          SynapseChoice.allCases.map(\.rawValue), "what is carried: spikes or an astrocyte's slow inward current",
          standard: .text(synapse.rawValue))
      ),
      (
        "plasticity",
        Self.described(
          Self.anyOf([.object(learningRule), Self.text("an entry of rules"), list]), "what changes its synapses")
      ),
    ]
  }

  private var third: JSONText {
    let entries = vocabulary.entries(.third)
    let legs = ThirdPlan.Leg.allCases.map { leg in
      (leg.rawValue, JSONText.object(Self.object(connection(synapse: leg == .out ? .slowCurrent : .spikes), required: [])))
    }
    let fields = entries.flatMap { $0.fields.map { ($0.name, Self.field($0)) } }
    let meaning = "a population that joins the connections"
    return Self.described(
      .object(
        Self.object(
          [("population", Self.text(meaning)), ("rule", Self.choice(entries.map(\.name), "which and by whom"))] + fields + legs,
          required: ["population"])), meaning)
  }

  private var rule: [Member] { entries(.rule, by: "type", "the connection rule") }
  private var learningRule: [Member] { entries(.plasticity, by: "rule", "the rule") }

  /// An object whose `key` names an entry of a category and whose other keys are that entry's fields, and `common` ones.
  func entries(
    _ category: EntryDescription.Category, by key: String, _ meaning: String, common: [Member] = [], required more: [String] = []
  ) -> [Member] {
    let entries = vocabulary.entries(category)
    let conditions = entries.map { entry in
      Self.condition(
        key, entry.name,
        then: .object(
          Self.object(
            [(key, .object([]))] + common + entry.fields.map { ($0.name, Self.field($0)) },
            required: [key] + more + required(entry))))
    }
    return [
      ("type", .text("object")), ("properties", .object([(key, Self.choice(entries.map(\.name), meaning))])),
      ("required", .array([.text(key)])), ("allOf", .array(conditions)),
    ]
  }

  func required(_ entry: EntryDescription) -> [String] {
    entry.fields.filter { $0.standard == .required }.map(\.name)
  }

  private func fields(_ fields: [FieldDescription]) -> [Member] {
    Self.object(fields.map { ($0.name, Self.field($0)) }, required: [])
  }
}
