/// A file of named arrays.
public protocol ArrayFile {
  var path: String { get }
  var names: [String] { get }
  func array(_ name: String) throws -> NPYArray
}

/// Named arrays in one file, as `numpy.savez` writes them (stored or compressed).
public final class NPZFile: ArrayFile {
  public let path: String
  private let archive: ZipReader

  /// Reads the directory; arrays are read when asked for.
  public init(path: String) throws {
    self.path = path
    archive = try ZipReader(path: path)
  }

  /// The names of the arrays in the order of the file, without ".npy".
  public var names: [String] { archive.members.map { Self.arrayName($0.name) } }

  public func array(_ name: String) throws -> NPYArray {
    guard let member = archive.members.first(where: { Self.arrayName($0.name) == name }) else {
      throw FileError.read(path, "has no array \"\(name)\"", hint: "it has \(listed(names))")
    }
    return try NPYArray(npy: archive.bytes(of: member), file: "\(path): \(name)")
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

extension ArrayFile {
  public func contains(_ name: String) -> Bool { names.contains(name) }

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
}

/// The arrays of a ``RowSpool`` as far as they have been recorded: what a run that did not end has left.
public final class RowSpoolFile: ArrayFile {
  public let path: String
  private let index: RowIndex

  public init(path: String) throws {
    self.path = path
    index = try RowIndex(path: path)
  }

  public var names: [String] { index.columns.map(\.name) }

  public func array(_ name: String) throws -> NPYArray {
    guard let number = index.columns.firstIndex(where: { $0.name == name }) else {
      throw FileError.read(path, "has no array \"\(name)\"", hint: "it has \(listed(names))")
    }
    let column = index.columns[number]
    let file = try FileReader(path: path)
    let bytes = try index.blocks[number].reduce(into: [UInt8]()) { $0 += try file.bytes(at: $1.offset, count: $1.count) }
    let rows = column.rowBytes == 0 ? 0 : bytes.count / column.rowBytes
    // Several arrays of one record may be cut off at different rows.
    return NPYArray(
      element: column.element, shape: [rows] + column.row, bytes: Array(bytes.prefix(rows * column.rowBytes)))
  }
}

/// For error messages: `"a", "b" and 3 more`.
func listed(_ names: [String], limit: Int = 8) -> String {
  if names.isEmpty { return "none" }
  let shown = names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > limit ? shown + " and \(names.count - limit) more" : shown
}
