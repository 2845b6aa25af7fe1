import SNNSignals

/// Two arrays of a NumPy file.
enum NPZSamples: SampleFormat {
  static let name = "npz"
  static let summary = "Two arrays of one NumPy file."
  static let layout = """
    x: shape (samples, values) or (samples, steps, values); with more dimensions, these are taken together as values
    y: shape (samples), whole numbers from 0
    named x and y, or x_train, y_train, x_test and y_test
    """
  static let source = "https://numpy.org/doc/stable/reference/generated/numpy.savez.html"
  static let fields = [
    FieldDescription("path", .path, default: .required, .any, "the file"), SampleFields.split,
    FieldDescription("samples", .text, default: .absent, .any, "name of the array of samples"),
    FieldDescription("labels", .text, default: .absent, .any, "name of the array of labels"),
    FieldDescription("sequence", .boolean, default: .boolean(false), .any, "whether the second dimension is time"),
    SampleFields.classes, SampleFields.scale,
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let path = fields.text("path") ?? ""
    let file = try NPZFile(path: path)
    let split = fields.text("split") ?? "train"
    func name(_ given: String?, _ letter: String) -> String {
      given ?? (file.contains("\(letter)_\(split)") ? "\(letter)_\(split)" : letter)
    }
    let samplesName = name(fields.text("samples"), "x")
    let samples = try file.array(samplesName)
    let labelsName = name(fields.text("labels"), "y")
    let labels = try file.column(labelsName)
    let isSequence = fields.flag("sequence")
    guard samples.shape.count >= (isSequence ? 3 : 2) else {
      throw FileError.read(
        path, "array \"\(samplesName)\" has shape \(samples.shape)", hint: "samples come first, then (steps and) values")
    }
    guard samples.shape[0] == labels.count else {
      throw FileError.read(
        path, "has \(samples.shape[0]) samples in \"\(samplesName)\" but \(labels.count) labels in \"\(labelsName)\"")
    }
    let known = try checkedLabels(labels, classes: fields.integer("classes"), path: "\(path): \(labelsName)")
    let steps = isSequence ? samples.shape[1] : 1
    let length = samples.shape.dropFirst().reduce(1, *)
    guard length > 0 else { throw FileError.read(path, "array \"\(samplesName)\" has samples without values") }
    let scale = fields.number("scale") ?? (samples.element == .uint8 ? 1.0 / 255 : 1)
    let values = samples.doubles
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw FileError.read(path, "array \"\(samplesName)\": value \(bad % length) of sample \(bad / length) is \(values[bad])")
    }
    return LabelledSamples(
      .values(values.map { Float($0 * scale) }), steps: steps, features: length / steps, labels: known.labels,
      classNames: known.names)
  }
}
