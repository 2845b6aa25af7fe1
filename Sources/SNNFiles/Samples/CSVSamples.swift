import SNNSignals

/// A table with one sample a line.
enum CSVSamples: SampleFormat {
  static let name = "csv"
  static let summary = "A table with one sample a line, also gzipped."
  static let layout = """
    a header, then lines of numbers and one class; the classes' words are sorted, as numbers where they are numbers
    """
  static let source = "RFC 4180"
  static let fields = [
    FieldDescription("path", .path, default: .required, .any, "the file"),
    FieldDescription("label", .text, default: .absent, .any, "the column of classes; \"label\" or \"class\" unless given"),
    FieldDescription("without", .names, default: .absent, .any, "columns that are left out"),
    FieldDescription(
      "test_every", .integer, default: .absent, .range(2...1e6),
      "one sample in so many is of the test part, beginning with the first; without it both parts are the whole file"),
    SampleFields.split, SampleFields.scale,
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let path = fields.text("path") ?? ""
    let table = try CSVTable(path: path)
    let candidates = fields.text("label").map { [$0] } ?? ["label", "class", "Class"]
    let label = try table.requireIndex(of: candidates, for: "the class of each sample")
    var without: [Int] = []
    if case .names(let names) = fields["without"] {
      without = try names.map { try table.requireIndex(of: [$0], for: "to be left out") }
    }
    let columns = (0..<table.columnCount).filter { $0 != label && !without.contains($0) }
    guard !columns.isEmpty else { throw FileError.read(path, "has no columns of values beside the label") }
    let (labels, names) = try checkedLabels(words: table.texts(label), path: path)
    let scale = fields.number("scale") ?? 1
    let values = try columns.map(table.numbers)
    let isTest = fields.text("split") == "test"
    let every = fields.integer("test_every")
    let rows = labels.indices.filter { row in every.map { (row % $0 == 0) == isTest } ?? true }
    return LabelledSamples(
      .values(rows.flatMap { row in values.map { Float($0[row] * scale) } }), steps: 1, features: columns.count,
      labels: rows.map { labels[$0] }, classNames: names)
  }
}
