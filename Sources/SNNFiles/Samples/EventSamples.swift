import Foundation
import SNNSignals

/// A folder of recordings of an event camera, as N-MNIST has them.
enum EventSamples: SampleFormat {
  static let name = "event_dir"
  static let summary = "A folder of recordings of an event camera in N-MNIST's format."
  static let layout = """
    files .bin or .bs2, 5 bytes an event: x, y, then 24 bits with the polarity first and 23 bits of time in us
    in one folder for each class; or all in one, with lines "number class" in a text file that `labels` names
    channel = (polarity*height + y)*width + x
    """
  static let source = "Orchard et al. (2015), doi:10.3389/fnins.2015.00437"
  static let fields = [
    SampleFields.folder,
    FieldDescription("labels", .path, default: .absent, .any, "text file with number and class of each recording"),
    FieldDescription("width", .integer, default: .number(34), .range(1...256), "columns of the sensor"),
    FieldDescription("height", .integer, default: .number(34), .range(1...256), "rows of the sensor"), SampleFields.classes,
  ]

  static func read(_ fields: [String: FieldValue]) throws -> LabelledSamples {
    let folder = fields.text("path") ?? ""
    let (width, height) = (fields.integer("width") ?? 34, fields.integer("height") ?? 34)
    let recordings: [(path: String, label: Int)]
    let names: [String]
    if let list = fields.text("labels") {
      (recordings, names) = try listed(list, in: folder, classes: fields.integer("classes"))
    } else {
      (recordings, names) = try sorted(folder)
    }
    let events = try recordings.map { try recording(path: $0.path, width: width, height: height) }
    return LabelledSamples(
      .events(events), steps: 0, features: 2 * width * height, labels: recordings.map(\.label), classNames: names)
  }

  /// Recordings that a text file lists by number.
  private static func listed(
    _ list: String, in folder: String, classes: Int?
  ) throws -> (recordings: [(path: String, label: Int)], names: [String]) {
    let table = try CSVTable(path: list)
    guard table.columnCount >= 2 else {
      throw FileError.read(list, "has \(table.columnCount) columns; number and class are needed")
    }
    let numbers = try table.ids(0)
    let known = try checkedLabels(table.numbers(1), classes: classes, path: list)
    let recordings = try numbers.enumerated().map { row, number in
      let found = [".bs2", ".bin"].map { "\(folder)/\(number)\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
      guard let found else { throw table.error(row: row, "there is no recording \(folder)/\(number).bs2 (or .bin)") }
      return (found, known.labels[row])
    }
    return (recordings, known.names)
  }

  /// Recordings in one folder for each class.
  private static func sorted(_ folder: String) throws -> (recordings: [(path: String, label: Int)], names: [String]) {
    let folders = try fileNames(in: folder, endings: [""]).filter { name in
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory) && isDirectory.boolValue
    }
    let all = try folders.flatMap { name in
      try fileNames(in: "\(folder)/\(name)", endings: [".bin", ".bs2"]).map { ("\(folder)/\(name)/\($0)", name) }
    }
    guard !all.isEmpty else {
      throw FileError.read(
        folder, "holds no folders with .bin or .bs2 files",
        hint: "recordings in one folder need a text file \"labels\"; an archive must be unpacked")
    }
    let (labels, names) = try checkedLabels(words: all.map(\.1), path: folder)
    return (zip(all, labels).map { ($0.0, $1) }, names)
  }

  private static func recording(path: String, width: Int, height: Int) throws -> [SampleEvent] {
    let bytes = try contents(of: path)
    guard bytes.count % 5 == 0 else {
      throw FileError.read(path, "is truncated: \(bytes.count) bytes are no whole number of 5-byte events")
    }
    let events = try stride(from: 0, to: bytes.count, by: 5).map { at in
      let (x, y) = (Int(bytes[at]), Int(bytes[at + 1]))
      guard x < width, y < height else {
        throw FileError.read(path, "event \(at / 5) is at (\(x), \(y)), outside the sensor of \(width) × \(height)")
      }
      let polarity = Int(bytes[at + 2] >> 7)
      let microseconds = Int(bytes[at + 2] & 0x7F) << 16 | Int(bytes[at + 3]) << 8 | Int(bytes[at + 4])
      return SampleEvent(time: Float(microseconds) / 1000, channel: UInt32((polarity * height + y) * width + x))
    }
    return events.sorted { ($0.time, $0.channel) < ($1.time, $1.channel) }
  }
}
