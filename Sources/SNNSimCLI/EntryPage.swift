import SNNSignals

/// What `snnsim models` prints, made from the entries of the vocabulary.
enum EntryPage {
  static func title(_ category: EntryDescription.Category) -> String {
    switch category {
    case .neuron: "Neurons"
    case .input: "Inputs"
    case .rule: "Connection rules"
    case .third: "Rules of a third factor"
    case .plasticity: "Plasticity"
    case .learner: "Learners"
    case .encoder: "Encoders of samples"
    case .data: "Formats of samples"
    }
  }

  static func list(_ vocabulary: Vocabulary) -> String {
    EntryDescription.Category.allCases.map { category in
      let rows = vocabulary.entries(category).map { [$0.name, $0.engines.joined(separator: ", "), $0.summary] }
      return title(category) + "\n" + aligned(rows, rightFrom: 9)
    }.joined(separator: "\n\n") + "\n\nsnnsim models NAME describes one."
  }

  static func text(_ entry: EntryDescription) -> String {
    var lines = ["\(entry.name) (\(entry.category.rawValue)): \(entry.summary)", ""]
    lines += entry.equations.split(separator: "\n").map { "    \($0)" }
    if let notes = entry.notes { lines += ["", "Pairing"] + notes.split(separator: "\n").map { "    \($0)" } }
    lines += ["", "Source: \(entry.source)"]
    if !entry.engines.isEmpty { lines.append("Engines: \(entry.engines.joined(separator: ", "))") }
    if entry.category == .neuron {
      lines.append("Weights onto it: \(entry.weightUnit == .none ? "ignored" : entry.weightUnit.rawValue)")
    }
    lines += table("Parameters", entry.fields) + table("States (for init and record)", entry.states)
    return lines.joined(separator: "\n")
  }

  private static func table(_ title: String, _ fields: [FieldDescription]) -> [String] {
    guard !fields.isEmpty else { return [] }
    let rows = [["name", "default", "unit", "allowed", "meaning"]] + fields.map(cells)
    return ["", title, aligned(rows, rightFrom: 9)]
  }

  private static func cells(_ field: FieldDescription) -> [String] {
    [field.name, standard(field), field.unit.rawValue, allowed(field), field.meaning]
  }

  private static func standard(_ field: FieldDescription) -> String {
    switch field.standard {
    case .required: "required"
    case .absent: ""
    case .number(let x): numberText(x)
    case .boolean(let b): "\(b)"
    case .text(let t): t
    case .numbers(let list): "[" + list.map(numberText).joined(separator: ", ") + "]"
    }
  }

  private static func allowed(_ field: FieldDescription) -> String {
    if case .choice(let words) = field.kind { return words.joined(separator: " | ") }
    return field.bound.text ?? ""
  }

  static func markdown(_ vocabulary: Vocabulary) -> String {
    EntryDescription.Category.allCases.map { category in
      (["## \(title(category))"] + vocabulary.entries(category).map(markdown)).joined(separator: "\n\n")
    }.joined(separator: "\n\n")
  }

  static func markdown(_ entry: EntryDescription) -> String {
    var lines = ["### `\(entry.name)`", "", entry.summary, "", "```", entry.equations, "```"]
    if let notes = entry.notes { lines += ["", notes] }
    lines += ["", "Source: \(entry.source)."]
    if entry.category == .neuron {
      let weights = entry.weightUnit == .none ? "ignored" : "in \(entry.weightUnit.rawValue)"
      lines += ["Engines: \(entry.engines.joined(separator: ", ")). Weights onto it: \(weights)."]
    }
    for (title, fields) in [("Parameter", entry.fields), ("State", entry.states)] where !fields.isEmpty {
      lines += ["", "| \(title) | Default | Unit | Allowed | Meaning |", "|---|---|---|---|---|"]
      lines += fields.map { "| `\($0.name)` | " + cells($0).dropFirst().map(escaped).joined(separator: " | ") + " |" }
    }
    return lines.joined(separator: "\n")
  }

  private static func escaped(_ cell: String) -> String {
    cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
