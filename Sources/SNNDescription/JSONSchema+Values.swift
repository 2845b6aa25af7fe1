import SNNSignals

extension JSONSchema {
  typealias Member = (String, OrderedJSON)

  /// An object that allows the given keys, `$schema` and `$comment`, and nothing else.
  static func object(_ properties: [Member], required: [String]) -> [Member] {
    var members: [Member] = [
      ("type", .string("object")),
      ("properties", .object(properties + [("$schema", .object([])), ("$comment", .object([]))])),
      ("additionalProperties", .boolean(false)),
    ]
    if !required.isEmpty { members.append(("required", .array(required.map { .string($0) }))) }
    return members
  }

  static func map(_ entry: OrderedJSON, _ meaning: String) -> OrderedJSON {
    .object([
      ("type", .string("object")), ("description", .string(meaning)),
      ("properties", .object([("$schema", .object([])), ("$comment", .object([]))])), ("additionalProperties", entry),
      ("propertyNames", .object([("pattern", .string("^[^/]+$"))])),
    ])
  }

  static func condition(_ key: String, _ word: String, then schema: OrderedJSON) -> OrderedJSON {
    .object([
      (
        "if",
        .object([
          ("properties", .object([(key, .object([("const", .string(word))]))])), ("required", .array([.string(key)])),
        ])
      ),
      ("then", schema),
    ])
  }

  static func typed(_ type: String) -> OrderedJSON { .object([("type", .string(type))]) }
  static func anyOf(_ schemas: [OrderedJSON]) -> OrderedJSON { .object([("anyOf", .array(schemas))]) }
  /// A string that holds `${…}`, which may stand wherever a value may.
  static var expression: OrderedJSON { .object([("type", .string("string")), ("pattern", .string("\\$\\{"))]) }
  static var number: OrderedJSON { anyOf([typed("number"), typed("string")]) }
  static var integer: OrderedJSON { anyOf([typed("integer"), expression]) }

  static func described(_ schema: OrderedJSON, _ meaning: String?, standard: OrderedJSON? = nil) -> OrderedJSON {
    guard case .object(var members) = schema else { return schema }
    if let meaning { members.insert(("description", .string(meaning)), at: 0) }
    if let standard { members.append(("default", standard)) }
    return .object(members)
  }

  static func text(_ meaning: String) -> OrderedJSON { described(typed("string"), meaning) }

  static func choice(_ words: [String], _ meaning: String, standard: OrderedJSON? = nil) -> OrderedJSON {
    described(anyOf([.object([("enum", .array(words.map { .string($0) }))]), expression]), meaning, standard: standard)
  }

  static func names(_ meaning: String) -> OrderedJSON {
    let list: OrderedJSON = .object([
      ("type", .string("array")), ("items", typed("string")), ("minItems", .integer(1)), ("uniqueItems", .boolean(true)),
    ])
    return described(anyOf([typed("string"), list]), meaning)
  }

  static func ids(_ meaning: String) -> OrderedJSON {
    let id: OrderedJSON = .object([("type", .string("integer")), ("minimum", .integer(0))])
    return described(.object([("type", .string("array")), ("items", anyOf([id, expression]))]), meaning)
  }
}
