import SNNSignals

extension JSONSchema {
  typealias Member = JSONText.Member

  /// An object that allows the given keys, `$schema` and `$comment`, and nothing else.
  static func object(_ properties: [Member], required: [String]) -> [Member] {
    var members: [Member] = [
      ("type", .text("object")),
      ("properties", .object(properties + [("$schema", .object([])), ("$comment", .object([]))])),
      ("additionalProperties", .boolean(false)),
    ]
    if !required.isEmpty { members.append(("required", .array(required.map { .text($0) }))) }
    return members
  }

  static func map(_ entry: JSONText, _ meaning: String) -> JSONText {
    .object([
      ("type", .text("object")), ("description", .text(meaning)),
      ("properties", .object([("$schema", .object([])), ("$comment", .object([]))])), ("additionalProperties", entry),
      ("propertyNames", .object([("pattern", .text("^[^/]+$"))])),
    ])
  }

  static func condition(_ key: String, _ word: String, then schema: JSONText) -> JSONText {
    .object([
      (
        "if",
        .object([
          ("properties", .object([(key, .object([("const", .text(word))]))])), ("required", .array([.text(key)])),
        ])
      ),
      ("then", schema),
    ])
  }

  static func typed(_ type: String) -> JSONText { .object([("type", .text(type))]) }
  static func anyOf(_ schemas: [JSONText]) -> JSONText { .object([("anyOf", .array(schemas))]) }
  /// A string that holds `${…}`, which may stand wherever a value may.
  static var expression: JSONText { .object([("type", .text("string")), ("pattern", .text("\\$\\{"))]) }
  static var number: JSONText { anyOf([typed("number"), typed("string")]) }
  static var integer: JSONText { anyOf([typed("integer"), expression]) }

  static func described(_ schema: JSONText, _ meaning: String?, standard: JSONText? = nil) -> JSONText {
    guard case .object(var members) = schema else { return schema }
    if let meaning { members.insert(("description", .text(meaning)), at: 0) }
    if let standard { members.append(("default", standard)) }
    return .object(members)
  }

  static func text(_ meaning: String) -> JSONText { described(typed("string"), meaning) }

  static func choice(_ words: [String], _ meaning: String, standard: JSONText? = nil) -> JSONText {
    described(anyOf([.object([("enum", .array(words.map { .text($0) }))]), expression]), meaning, standard: standard)
  }

  static func names(_ meaning: String) -> JSONText {
    let list: JSONText = .object([
      ("type", .text("array")), ("items", typed("string")), ("minItems", .integer(1)), ("uniqueItems", .boolean(true)),
    ])
    return described(anyOf([typed("string"), list]), meaning)
  }

  static func ids(_ meaning: String) -> JSONText {
    let id: JSONText = .object([("type", .text("integer")), ("minimum", .integer(0))])
    return described(.object([("type", .text("array")), ("items", anyOf([id, expression]))]), meaning)
  }
}
