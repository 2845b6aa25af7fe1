import SNNSignals

extension JSONSchema {
  var dataSet: [Member] {
    entries(
      .data, by: "type", "the format",
      common: [
        ("first", Self.described(Self.integer, "the first sample", standard: .integer(0))),
        ("limit", Self.described(Self.integer, "how many samples; all unless given")),
      ])
  }

  var train: [Member] {
    let set = Self.text("an entry of the section data")
    let evaluate = Self.object(
      [("data", set), ("every", Self.described(Self.integer, "epochs between two tests", standard: .integer(1)))],
      required: ["data"])
    return entries(
      .learner, by: "rule", "the learner",
      common: [
        ("data", set), ("evaluate", Self.described(Self.anyOf([Self.text("the data set"), .object(evaluate)]), "tests")),
        ("epochs", Self.described(Self.integer, "of each task", standard: .integer(10))),
        ("batch", Self.described(Self.integer, "samples of a batch", standard: .integer(100))),
        ("seed", Self.described(Self.integer, "of all random numbers; that of the run unless given")),
        ("shuffle", Self.described(Self.typed("boolean"), "whether each epoch has its order", standard: .boolean(true))),
        ("encoder", encoders), ("tasks", tasks), ("initial", Self.text("a saved model to begin with")),
      ], required: ["data"])
  }

  private var encoders: JSONText {
    let one: [JSONText] = [Self.text("an encoder's name"), .object(entries(.encoder, by: "type", "the encoder"))]
    let list: JSONText = .object([("type", .text("array")), ("items", Self.anyOf(one))])
    return Self.described(Self.anyOf(one + [list]), "what turns samples into inputs, one behind the other")
  }

  private var tasks: JSONText {
    let classes: JSONText = .object([("type", .text("array")), ("items", Self.integer), ("minItems", .integer(1))])
    let task = Self.object(
      [
        ("permutation", Self.described(Self.integer, "number of the permutation of the values", standard: .integer(0))),
        ("classes", Self.described(classes, "only samples of these classes")), ("data", Self.text("another data set")),
        ("evaluate", Self.text("another data set for tests")),
      ], required: [])
    let permuted = Self.object([("permuted", Self.described(Self.integer, "number of tasks"))], required: ["permuted"])
    let list: JSONText = .object([("type", .text("array")), ("items", .object(task)), ("minItems", .integer(1))])
    return Self.described(Self.anyOf([list, .object(permuted)]), "learnt one after another")
  }
}
