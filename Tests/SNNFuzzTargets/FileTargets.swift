import SNNFiles
import SNNSignals

extension FuzzTarget {
  /// Every reader of a kind of file, each with the same bytes.
  private static func files(_ name: String, ending: String, _ readers: [@Sendable (String) throws -> Void]) -> FuzzTarget {
    FuzzTarget(name: name) { bytes in
      let path = Scratch.write(bytes, ending: ending)
      for reader in readers { expect(only: FileError.self) { try reader(path) } }
    }
  }

  /// Archives of arrays, and single arrays.
  static let npz = FuzzTarget(name: "npz") { bytes in
    let isArray = bytes.first == 0x93
    let path = Scratch.write(bytes, ending: isArray ? "npy" : "npz")
    func attempt(_ body: () throws -> Void) { expect(only: FileError.self, body) }
    attempt { _ = try numberArray(path: path) }
    if isArray { return attempt { _ = try NPYArray.read(path: path).doubles } }
    attempt { _ = try SpikeTable.read(path: path) }
    attempt { _ = try ConnectionList.read(path: path) }
    attempt { _ = try NumberTable.read(path: path) }
    attempt { _ = try SampleFormats.read(type: "npz", ["path": .path(path), "sequence": .boolean(false)]) }
    attempt { _ = try SampleFormats.read(type: "npz", ["path": .path(path), "sequence": .boolean(true)]) }
  }

  /// Tables in text, also gzipped.
  static let csv = files(
    "csv", ending: "csv",
    [
      { _ = try SpikeTable.read(path: $0) },
      { path in for name in try SpikeTable.populations(path: path) { _ = try SpikeTable.read(path: path, population: name) } },
      { _ = try ConnectionList.read(path: $0) }, { _ = try NumberTable.read(path: $0) }, { _ = try numberArray(path: $0) },
      { _ = try SampleFormats.read(type: "csv", ["path": .path($0)]) },
      { _ = try SampleFormats.read(type: "csv", ["path": .path($0), "test_every": .integer(2), "split": .text("test")]) },
    ])

  /// Images and labels.
  static let idx = files(
    "idx", ending: "idx",
    [
      { path in
        let file = try IDXFile(path: path)
        precondition(file.rows * file.rowLength == file.bytes.count || file.rows == 0)
      }, { _ = try SampleFormats.read(type: "idx", ["images": .path($0), "labels": .path($0)]) },
      { _ = try SampleFormats.read(type: "idx", ["images": .path($0), "labels": .path($0), "sequence": .boolean(true)]) },
    ])

  /// Sound.
  static let wav = files("wav", ending: "wav", [{ _ = try WAVFile(path: $0) }])

  /// HDF5: spikes and edges of SONATA, spikes of the Heidelberg digits.
  static let sonata = files(
    "sonata", ending: "h5",
    [
      { _ = try SpikeTable.read(path: $0) },
      { path in for name in try SpikeTable.populations(path: path) { _ = try SpikeTable.read(path: path, population: name) } },
      { _ = try ConnectionList.read(path: $0) }, { _ = try SampleFormats.read(type: "shd", ["path": .path($0)]) },
    ])
}
