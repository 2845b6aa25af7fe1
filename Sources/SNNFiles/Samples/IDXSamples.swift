import Foundation
import SNNSignals

/// MNIST's format: images and labels in two files.
enum IDXSamples: SampleFormat {
  static let name = "idx"
  static let summary = "Images and labels as MNIST has them, also gzipped."
  static let layout = """
    <path>/train-images-idx3-ubyte and <path>/train-labels-idx1-ubyte, t10k-… for the test part, or any two files
    bytes of shape (samples, …); with `sequence` (samples, steps, …); labels (samples)
    """
  static let source = "LeCun et al. (1998), doi:10.1109/5.726791; http://yann.lecun.com/exdb/mnist/"
  static let fields = [
    FieldDescription("path", .folder, default: .absent, .any, "a folder with the files of MNIST"), SampleFields.split,
    FieldDescription("images", .path, default: .absent, .any, "a file, in place of the folder"),
    FieldDescription("labels", .path, default: .absent, .any, "a file, in place of the folder"),
    FieldDescription("sequence", .boolean, default: .boolean(false), .any, "whether the second dimension is time"),
    SampleFields.classes, SampleFields.scale,
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let images = try IDXFile(path: fields.text("images") ?? "")
    let labelPath = fields.text("labels") ?? ""
    let labels = try IDXFile(path: labelPath)
    guard labels.shape.count == 1 else {
      throw FileError.read(labelPath, "has shape \(labels.shape); labels have one dimension", hint: "is it the file of images?")
    }
    let isSequence = fields.flag("sequence")
    guard images.shape.count >= (isSequence ? 3 : 2) else {
      throw FileError.read(
        fields.text("images") ?? "", "has shape \(images.shape)", hint: "samples come first, then (steps and) values")
    }
    guard labels.rows == images.rows else {
      throw FileError.read(labelPath, "has \(labels.rows) labels for \(images.rows) samples")
    }
    let steps = isSequence ? images.shape[1] : 1
    let known = try checkedLabels(labels.bytes.map(Double.init), classes: fields.integer("classes"), path: labelPath)
    guard images.rowLength > 0 else { throw FileError.read(fields.text("images") ?? "", "has samples without values") }
    return LabelledSamples(
      .bytes(images.bytes, scale: Float(fields.number("scale") ?? 1.0 / 255)), steps: steps, features: images.rowLength / steps,
      labels: known.labels, classNames: known.names)
  }
}
