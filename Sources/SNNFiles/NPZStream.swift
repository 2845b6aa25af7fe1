import Foundation

/// Writes a npz file whose arrays grow while a simulation runs, in memory that does not.
///
/// Rows are collected in blocks in one temporary file beside the result; ``close()`` puts each array together from its blocks. Nothing
/// appears under the final name before, and the number of open files does not depend on the number of arrays.
public final class NPZStream {
  public let path: String
  private struct Block {
    var offset: Int
    var count: Int
  }
  private struct Member {
    var name: String
    var element: NPYArray.Element
    /// The sizes after the first, which grows.
    var rowShape: [Int]
    var buffer: [UInt8] = []
    var blocks: [Block] = []

    var rowBytes: Int { rowShape.reduce(1, *) * element.size }
  }
  /// Bytes collected over all arrays before they go to the temporary file.
  private static let capacity = 1 << 20
  private var members: [Member] = []
  private var fixed: [(name: String, array: NPYArray)] = []
  private let output: OutputFile
  private var buffered = 0
  private var isOpen = true

  /// Creates the temporary file at once: a long run must not find out at its end that it cannot write here.
  public init(path: String) throws {
    self.path = path
    output = try OutputFile(path: "\(path).\(ProcessInfo.processInfo.processIdentifier).rows.part", shownAs: path)
  }

  deinit { unlink(output.path) }

  /// Adds an array that is known already.
  public func add(_ name: String, _ array: NPYArray) { fixed.append((name, array)) }

  /// Adds an array of shape [rows, rowShape…] whose rows arrive later. Returns its number for ``append(_:to:)``.
  public func addGrowing(_ name: String, _ element: NPYArray.Element, rowShape: [Int] = []) -> Int {
    members.append(Member(name: name, element: element, rowShape: rowShape))
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
    let rowBytes = members[member].rowBytes
    precondition(rowBytes == 0 ? bytes.isEmpty : bytes.count % rowBytes == 0, "rows of \(members[member].name) must be whole")
    members[member].buffer.append(contentsOf: bytes)
    buffered += bytes.count
    if buffered >= Self.capacity { try flush() }
  }

  /// Brings all rows to the temporary file.
  public func flush() throws {
    for index in members.indices where !members[index].buffer.isEmpty {
      members[index].blocks.append(Block(offset: output.count, count: members[index].buffer.count))
      try output.write(members[index].buffer)
      members[index].buffer.removeAll(keepingCapacity: true)
    }
    try output.flush()
    buffered = 0
  }

  /// Puts the file together under its final name.
  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { unlink(output.path) }
    try flush()
    try output.close()
    let rows = try FileReader(path: output.path)
    let archive = try ZipWriter(path: path)
    for (name, array) in fixed {
      try archive.begin(name + ".npy")
      try archive.write(array.npy)
    }
    for member in members {
      let size = member.blocks.reduce(0) { $0 + $1.count }
      let count = member.rowBytes == 0 ? 0 : size / member.rowBytes
      try archive.begin(member.name + ".npy")
      try archive.write(NPYArray.header(element: member.element, shape: [count] + member.rowShape))
      for block in member.blocks { try archive.write(try rows.bytes(at: block.offset, count: block.count)) }
    }
    try archive.close()
  }
}
