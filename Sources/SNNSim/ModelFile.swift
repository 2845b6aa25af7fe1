import SNNFiles
import SNNTraining

/// A learner's state as a npz file: one array for each of its own, in single or double precision as it has them.
enum ModelFile {
  static func write(_ state: [NamedArray], to path: String) throws {
    try NPZFile.write(
      state.map { array in
        switch array.values {
        case .float(let values): (array.name, NPYArray(values, shape: array.shape))
        case .double(let values): (array.name, NPYArray(values, shape: array.shape))
        }
      }, to: path)
  }

  static func read(_ path: String) throws -> [NamedArray] {
    let file = try NPZFile(path: path)
    return try file.names.map { name in
      let array = try file.array(name)
      let values = array.doubles
      if let bad = values.firstIndex(where: { !$0.isFinite }) {
        throw FileError(.read, path, "array \"\(name)\": value \(bad) is \(values[bad])")
      }
      return array.element == .float32
        ? NamedArray(name, array.shape, values.map { Float($0) }) : NamedArray(name, array.shape, values)
    }
  }

  /// SHA-256 over, for each array in order: its name (UTF-8), its sizes (UInt64) and its values, all little-endian.
  static func digest(_ state: [NamedArray]) -> String {
    let hash = SHA256()
    for array in state {
      hash.update(Array(array.name.utf8))
      array.shape.map { UInt64($0).littleEndian }.withUnsafeBytes { hash.update($0) }
      switch array.values {
      case .float(let values): values.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update($0) }
      case .double(let values): values.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.hex
  }
}
