import Foundation

/// Writes a npz file whose arrays grow while a simulation runs, in memory that does not.
///
/// Each growing array goes to a temporary file beside the result; ``close()`` puts them together. Nothing appears under the final name
/// before. Until closed, a flush brings all buffered rows to the temporary files.
public final class NPZStream {
  public let path: String
  private struct Member {
    var name: String
    var element: NPYArray.Element
    /// The sizes after the first, which grows.
    var rowShape: [Int]
    var output: OutputFile
  }
  private var members: [Member] = []
  private var fixed: [(name: String, array: NPYArray)] = []
  private var isOpen = true

  public init(path: String) throws {
    self.path = path
    // The final place is tried at once: a long run must not find out at its end that it cannot write.
    let probe = AtomicFile(path: path)
    _ = try OutputFile(path: probe.temporaryPath, shownAs: path)
    probe.discard()
  }

  deinit { removeTemporaryFiles() }

  /// Adds an array that is known already.
  public func add(_ name: String, _ array: NPYArray) { fixed.append((name, array)) }

  /// Adds an array of shape [rows, rowShape…] whose rows arrive later. Returns its number for ``append(_:to:)``.
  public func addGrowing(_ name: String, _ element: NPYArray.Element, rowShape: [Int] = []) throws -> Int {
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).\(members.count).part"
    let output = try OutputFile(path: temporary, shownAs: path)
    members.append(Member(name: name, element: element, rowShape: rowShape, output: output))
    return members.count - 1
  }

  /// Appends whole rows to a growing array of `float64`.
  public func append(_ values: [Double], to member: Int) throws {
    precondition(members[member].element == .float64)
    try values.withUnsafeBytes { try append($0, to: member) }
  }
  /// Appends whole rows to a growing array of `uint32`.
  public func append(_ values: [UInt32], to member: Int) throws {
    precondition(members[member].element == .uint32)
    try values.withUnsafeBytes { try append($0, to: member) }
  }

  private func append(_ bytes: UnsafeRawBufferPointer, to member: Int) throws {
    let rowBytes = members[member].rowShape.reduce(1, *) * members[member].element.size
    precondition(rowBytes == 0 ? bytes.isEmpty : bytes.count % rowBytes == 0, "rows of \(members[member].name) must be whole")
    try members[member].output.write(bytes)
  }

  public func flush() throws { for member in members { try member.output.flush() } }

  /// Puts the file together under its final name.
  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { removeTemporaryFiles() }
    let archive = try ZipWriter(path: path)
    for (name, array) in fixed {
      try archive.begin(name + ".npy")
      try archive.write(array.npy)
    }
    for member in members {
      try member.output.close()
      let file = try FileReader(path: member.output.path)
      let rowBytes = member.rowShape.reduce(1, *) * member.element.size
      let rows = rowBytes == 0 ? 0 : file.size / rowBytes
      try archive.begin(member.name + ".npy")
      try archive.write(NPYArray.header(element: member.element, shape: [rows] + member.rowShape))
      var offset = 0
      while offset < file.size {
        let count = min(1 << 20, file.size - offset)
        try archive.write(try file.bytes(at: offset, count: count))
        offset += count
      }
    }
    try archive.close()
  }

  private func removeTemporaryFiles() { for member in members { unlink(member.output.path) } }
}
