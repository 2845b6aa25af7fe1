import Foundation
import SNNSignals

/// Rows of arrays on their way into a results file, in memory that does not grow: a file that is only appended to, so that a run
/// can go on from any moment of it, and what is in it can be read at any time.
///
///     "snnsim-rows/1\n" and two zeros    blocks: number of the array UInt32, "ROWS", count of bytes UInt64, bytes
///
/// The first block, of array 2³² − 1, lists the arrays in JSON. An empty one of array 2³² − 2 follows whatever belongs together:
/// what comes after the last of them, in a file that was cut off, doesn't count. Little-endian.
public final class RowSpool: Checkpointed {
  static let magic = Array("snnsim-rows/1\n".utf8) + [0, 0]
  static let blockMagic: UInt32 = 0x5357_4F52
  static let header = UInt32.max
  static let whole = UInt32.max - 1

  struct Column: Codable, Equatable {
    var name: String
    /// As in ``NPYArray/Element``.
    var type: String
    /// The sizes after the first, which grows.
    var row: [Int]
    /// Known from the start.
    var isFixed: Bool

    /// Whether it is one that this program could have written.
    var isSound: Bool {
      NPYArray.Element(rawValue: type) != nil && row.count <= 1 && row.allSatisfy { (0...1 << 40).contains($0) }
    }
    var element: NPYArray.Element { NPYArray.Element(rawValue: type)! }
    var rowBytes: Int { row.reduce(1, *) * element.size }
  }
  /// Bytes collected over all arrays before they go to the file.
  private static let capacity = 1 << 20
  private(set) var columns: [Column] = []
  private var buffers: [[UInt8]] = []
  private var blocks: [[RowIndex.Block]] = []
  private let output: OutputFile
  private let isKept: Bool
  private var buffered = 0
  private var hasBegun = false

  /// Creates the file at once: a long run must not find out at its end that it cannot write here.
  /// - Parameters:
  ///   - isContinued: what is there counts as far as the checkpoint says that ``pass(through:)`` is then given.
  ///   - isKept: whether the file stays when this object goes.
  public init(path: String, shownAs: String? = nil, isContinued: Bool = false, isKept: Bool = true) throws {
    output = try OutputFile(path: path, shownAs: shownAs, isContinued: isContinued)
    self.isKept = isKept
  }

  deinit { close() }

  /// The results file has all rows.
  public func close() { if !isKept { unlink(output.path) } }

  /// Adds an array of shape [rows, rowShape…]. Returns its number. All arrays are added before the first row.
  public func add(_ name: String, _ element: NPYArray.Element, rowShape: [Int] = []) -> Int {
    precondition(!hasBegun, "arrays are added before rows")
    columns.append(Column(name: name, type: element.rawValue, row: rowShape, isFixed: false))
    buffers.append([])
    blocks.append([])
    return columns.count - 1
  }

  /// Adds an array that is known already.
  public func add(_ name: String, _ array: NPYArray) {
    let column = add(name, array.element, rowShape: Array(array.shape.dropFirst()))
    columns[column].isFixed = true
    buffers[column] = array.bytes
  }

  public func append(_ values: [Double], to column: Int) {
    precondition(columns[column].element == .float64)
    values.withUnsafeBytes { append($0, to: column) }
  }
  public func append(_ values: [UInt32], to column: Int) {
    precondition(columns[column].element == .uint32)
    values.withUnsafeBytes { append($0, to: column) }
  }

  private func append(_ bytes: UnsafeRawBufferPointer, to column: Int) {
    let rowBytes = columns[column].rowBytes
    precondition(rowBytes == 0 ? bytes.isEmpty : bytes.count % rowBytes == 0, "rows of \(columns[column].name) must be whole")
    buffers[column].append(contentsOf: bytes)
    buffered += bytes.count
  }

  /// Says that all arrays have what belongs together, which may be brought to the file now.
  public func commit() throws { if buffered >= Self.capacity { try flush() } }

  /// Brings all rows to the file. What fails, on a full disk, has changed nothing, and can be tried again.
  public func flush() throws {
    guard buffered > 0 || !hasBegun else { return }
    let start = output.count
    var written: [(column: Int, block: RowIndex.Block)] = []
    do {
      if !hasBegun {
        try output.write(Self.magic)
        try write(Array(try JSONEncoder().encode(columns)), of: Self.header)
      }
      for column in columns.indices where !buffers[column].isEmpty {
        try write(buffers[column], of: UInt32(column))
        let count = buffers[column].count
        written.append((column, RowIndex.Block(offset: output.count - count, count: count)))
      }
      try write([], of: Self.whole)
      try output.flush()
    } catch {
      try? output.truncate(to: start)
      throw error
    }
    for (column, block) in written {
      blocks[column].append(block)
      buffers[column].removeAll(keepingCapacity: true)
    }
    hasBegun = true
    buffered = 0
  }

  private func write(_ bytes: [UInt8], of array: UInt32) throws {
    try output.write(littleEndianBytes([array, Self.blockMagic]) + littleEndianBytes([UInt64(bytes.count)]))
    try output.write(bytes)
  }

  /// What was appended until now counts, and nothing that was there behind it.
  public func pass(through state: StateTransfer) throws {
    if !state.isRestoring { try flush() }
    var offset = output.count
    try state.value(&offset)
    guard state.isRestoring else { return }
    try state.require(offset >= Self.magic.count && offset <= output.size, "recorded data are missing in \(output.path)")
    let index = try? RowIndex(path: output.path, limit: offset)
    try state.require(index?.columns == columns && index?.end == offset, "recorded data in \(output.path) are of another run")
    try output.truncate(to: offset)
    blocks = index?.blocks ?? []
    for column in columns.indices { buffers[column].removeAll() }
    buffered = 0
    hasBegun = true
  }

  /// The rows of an array, after ``flush()``.
  func rows(_ column: Int) throws -> RowReader { RowReader(try FileReader(path: output.path), blocks[column]) }
  /// The same by its name.
  public func rows(_ name: String) throws -> RowReader { try rows(columns.firstIndex { $0.name == name }!) }

  /// Puts the arrays together as a npz file, those first that were known from the start.
  package func writeNPZ(to path: String) throws {
    try flush()
    let archive = try ZipWriter(path: path)
    for column in columns.indices.filter({ columns[$0].isFixed }) + columns.indices.filter({ !columns[$0].isFixed }) {
      let (all, size) = (columns[column], blocks[column].reduce(0) { $0 + $1.count })
      try archive.begin(all.name + ".npy")
      try archive.write(
        NPYArray.header(element: all.element, shape: [all.rowBytes == 0 ? 0 : size / all.rowBytes] + all.row))
      var rows = try rows(column)
      while case let piece = try rows.next(bytes: 1 << 20), !piece.isEmpty { try archive.write(piece) }
    }
    try archive.close()
  }
}

/// Reads the rows of one array from its blocks.
public struct RowReader {
  private let file: FileReader
  private var blocks: ArraySlice<RowIndex.Block>

  fileprivate init(_ file: FileReader, _ blocks: [RowIndex.Block]) {
    self.file = file
    self.blocks = blocks[...]
  }

  /// The next bytes: `count`, or fewer at the end.
  mutating func next(bytes count: Int) throws -> [UInt8] {
    var found: [UInt8] = []
    while found.count < count, let block = blocks.first {
      let part = min(count - found.count, block.count)
      found += try file.bytes(at: block.offset, count: part)
      blocks[blocks.startIndex] = RowIndex.Block(offset: block.offset + part, count: block.count - part)
      if part == block.count { blocks.removeFirst() }
    }
    return found
  }

  /// The next rows of an array of `float64`.
  public mutating func doubles(_ count: Int) throws -> [Double] {
    let bytes = try next(bytes: 8 * count)
    return NPYArray(element: .float64, shape: [bytes.count / 8], bytes: bytes).doubles
  }
  /// The next rows of an array of `uint32`.
  public mutating func ids(_ count: Int) throws -> [UInt32] {
    let bytes = try next(bytes: 4 * count)
    return bytes.withUnsafeBytes { raw in
      (0..<bytes.count / 4).map { UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
  }
}

/// Where the rows of each array lie in a spool.
struct RowIndex {
  struct Block {
    var offset: Int
    var count: Int
  }
  private(set) var columns: [RowSpool.Column] = []
  private(set) var blocks: [[Block]] = []
  /// Behind the last block that counts.
  private(set) var end: Int

  /// - Parameter limit: bytes of the file that count.
  init(path: String, limit: Int = .max) throws {
    let file = try FileReader(path: path)
    let size = min(limit, file.size)
    end = 0
    // Nothing has been brought to it yet.
    guard size >= RowSpool.magic.count else { return }
    guard try file.bytes(at: 0, count: RowSpool.magic.count) == RowSpool.magic else {
      throw FileError.read(path, "holds no recorded rows")
    }
    var at = RowSpool.magic.count
    var waiting: [(array: Int, block: Block)] = []
    while size - at >= 16 {
      let head = try file.bytes(at: at, count: 16)
      let (array, magic, count) = head.withUnsafeBytes {
        (
          UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)),
          UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
          UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
      let corrupt = FileError.read(path, "is corrupt at byte \(at)")
      guard magic == RowSpool.blockMagic else { throw corrupt }
      guard count <= UInt64(size - at - 16) else { break }
      let block = Block(offset: at + 16, count: Int(count))
      at = block.offset + block.count
      switch array {
      case RowSpool.header:
        let text = Data(try file.bytes(at: block.offset, count: block.count))
        guard columns.isEmpty, let found = try? JSONDecoder().decode([RowSpool.Column].self, from: text),
          found.allSatisfy(\.isSound)
        else { throw corrupt }
        columns = found
        blocks = found.map { _ in [] }
      case RowSpool.whole:
        for (array, block) in waiting { blocks[array].append(block) }
        waiting = []
        end = at
      default:
        guard Int(array) < columns.count else { throw corrupt }
        waiting.append((Int(array), block))
      }
    }
  }
}
