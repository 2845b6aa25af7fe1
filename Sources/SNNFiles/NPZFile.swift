/// Named arrays in one file, as `numpy.savez` writes them (stored or compressed).
public final class NPZFile {
  public let path: String
  private let archive: ZipReader

  /// Reads the directory; arrays are read when asked for.
  public init(path: String) throws {
    self.path = path
    archive = try ZipReader(path: path)
  }

  /// The names of the arrays in the order of the file, without ".npy".
  public var names: [String] { archive.members.map { Self.arrayName($0.name) } }

  public func contains(_ name: String) -> Bool { names.contains(name) }

  public func array(_ name: String) throws -> NPYArray {
    guard let member = archive.members.first(where: { Self.arrayName($0.name) == name }) else {
      throw FileError.read(path, "has no array \"\(name)\"", hint: "it has \(listed(names))")
    }
    return try NPYArray(npy: archive.bytes(of: member), file: "\(path): \(name)")
  }

  /// A one-dimensional array as doubles.
  public func column(_ name: String) throws -> [Double] {
    let array = try array(name)
    guard array.shape.count == 1 else {
      throw FileError.read(path, "array \"\(name)\" has \(array.shape.count) dimensions; one is needed")
    }
    return array.doubles
  }

  /// A one-dimensional array of integers from 0 to 4,294,967,295.
  public func ids(_ name: String) throws -> [UInt32] {
    try column(name).enumerated().map { index, value in
      guard let id = UInt32(exactly: value) else {
        throw FileError.read(path, "\(name)[\(index)] is \(value), which is no neuron id")
      }
      return id
    }
  }

  /// Writes the arrays in the order given; the same arrays give the same bytes.
  public static func write(_ arrays: [(name: String, array: NPYArray)], to path: String) throws {
    let archive = try ZipWriter(path: path)
    for (name, array) in arrays {
      try archive.begin(name + ".npy")
      try archive.write(array.npy)
    }
    try archive.close()
  }

  private static func arrayName(_ member: String) -> String { member.hasSuffix(".npy") ? String(member.dropLast(4)) : member }
}

/// For error messages: `"a", "b" and 3 more`.
func listed(_ names: [String], limit: Int = 8) -> String {
  if names.isEmpty { return "none" }
  let shown = names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > limit ? shown + " and \(names.count - limit) more" : shown
}
