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
  private(set) var list: [NamedPopulation] = []
  private var places: [String: Int] = [:]

  init(list: [NamedPopulation]) { add(list) }

  /// Of two with one name the first counts.
  mutating func add(_ more: [NamedPopulation]) {
    for one in more {
      if places[one.name] == nil { places[one.name] = list.count }
      list.append(one)
    }
  }
  func isKnown(_ name: String) -> Bool { places[name] != nil }
  subscript(name: String) -> NamedPopulation? { places[name].map { list[$0] } }
}

extension NetworkReading {
  /// The populations that `node` names; inputs can't be targets.
  mutating func targets(_ node: Node, _ table: NameTable) -> [NamedPopulation]? {
    guard let found = resolve(node, table, what: "population") else { return nil }
    let inputs = found.filter(\.isInput)
    for input in inputs { report(node, "\"\(input.name)\" is an input: only populations can be a target") }
    return inputs.isEmpty ? found : nil
  }

  /// The populations or inputs with `size` that `node` names.
  mutating func resolve(_ node: Node, _ table: NameTable, what: String) -> [NamedPopulation]? {
    guard let names = names(node) else { return nil }
    var result: [NamedPopulation] = []
    for (name, node) in names {
      if let found = table[name] {
        result.append(found)
      } else {
        let hint = suggestion(for: name, among: table.list.map(\.name), title: "known")
        report(node, "there is no \(what) \"\(name)\"", hint: hint)
      }
    }
    return result.count == names.count ? result : nil
  }
}
