import SNNSignals

/// What the rest of the file needs to know of a population or an input with `size`.
struct NamedPopulation {
  var name: String
  /// `nil` when the entry is broken.
  var size: Int?
  var weightUnit: Unit
  /// `nil` for inputs and broken entries.
  var model: EntryDescription?
  var isInput: Bool
}

/// The names that targets, sources and records may use, broken entries included, so that one mistake is reported once.
struct NameTable {
  var list: [NamedPopulation] = []
  func isKnown(_ name: String) -> Bool { list.contains { $0.name == name } }
  subscript(name: String) -> NamedPopulation? { list.first { $0.name == name } }
}

extension NetworkReading {
  /// The populations that `node` names; inputs can't be targets.
  mutating func targets(_ node: Node, _ table: NameTable) -> [NamedPopulation]? {
    resolve(node, NameTable(list: table.list.filter { !$0.isInput }), what: "population") { name in
      table[name] == nil ? nil : "\"\(name)\" is an input: only populations can be a target"
    }
  }

  /// The populations or inputs with `size` that `node` names.
  mutating func resolve(
    _ node: Node, _ table: NameTable, what: String, otherwise: (String) -> String? = { _ in nil }
  ) -> [NamedPopulation]? {
    guard let names = names(node) else { return nil }
    var result: [NamedPopulation] = []
    for (name, node) in names {
      if let found = table[name] {
        result.append(found)
      } else if let problem = otherwise(name) {
        report(node, problem)
      } else {
        let hint = suggestion(for: name, among: table.list.map(\.name), title: "known")
        report(node, "there is no \(what) \"\(name)\"", hint: hint)
      }
    }
    return result.count == names.count ? result : nil
  }
}
