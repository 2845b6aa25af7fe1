import Synchronization

/// A bounded queue of records from the thread that runs the kernel to the one that owns the sockets. Neither ever waits for the
/// other: without room, ``write(_:_:_:)`` says so.
final class StreamRing: @unchecked Sendable {
  // @unchecked: one thread writes and one reads; `written` and `read` hand bytes over.

  /// What stands before the bytes of a record.
  struct Record: BitwiseCopyable {
    /// Which topic of the publisher's.
    var topic: Int32
    /// Of samples: how many moments.
    var rows: Int32
    var bytes: Int
    /// ps.
    var start: Int64
    var end: Int64
    /// ns since 1970.
    var wall: UInt64
    /// What of this topic found no room so far.
    var dropped: UInt64
  }

  private let capacity: Int
  private let base: UnsafeMutableRawPointer
  private let written = Atomic<Int>(0)
  private let read = Atomic<Int>(0)
  private static let recordBytes = MemoryLayout<Record>.size

  /// - Parameter capacity: bytes, a power of two.
  init(capacity: Int) {
    precondition(capacity.nonzeroBitCount == 1)
    self.capacity = capacity
    base = .allocate(byteCount: capacity, alignment: 64)
  }
  deinit { base.deallocate() }

  /// Whether a record of so many bytes fits when nothing waits.
  func canHold(_ bytes: Int) -> Bool { bytes + Self.recordBytes <= capacity }

  /// Appends a record made of two pieces.
  /// - Returns: false when there is no room now.
  func write(_ record: Record, _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer = .init(start: nil, count: 0)) -> Bool {
    var end = written.load(ordering: .relaxed)
    let used = end - read.load(ordering: .acquiring)
    guard used + Self.recordBytes + a.count + b.count <= capacity else { return false }
    var record = record
    record.bytes = a.count + b.count
    withUnsafeBytes(of: record) { put($0, at: &end) }
    put(a, at: &end)
    put(b, at: &end)
    written.store(end, ordering: .releasing)
    return true
  }

  /// Takes the oldest record; its bytes go into `bytes`, which is replaced.
  func next(into bytes: inout [UInt8]) -> Record? {
    var start = read.load(ordering: .relaxed)
    guard start < written.load(ordering: .acquiring) else { return nil }
    var record = Record(topic: 0, rows: 0, bytes: 0, start: 0, end: 0, wall: 0, dropped: 0)
    withUnsafeMutableBytes(of: &record) { get($0, from: &start) }
    if bytes.count < record.bytes { bytes = [UInt8](repeating: 0, count: record.bytes) }
    bytes.withUnsafeMutableBytes { get(UnsafeMutableRawBufferPointer(rebasing: $0[..<record.bytes]), from: &start) }
    read.store(start, ordering: .releasing)
    return record
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at position: inout Int) {
    guard let from = bytes.baseAddress, bytes.count > 0 else { return }
    let offset = position & (capacity - 1)
    let first = min(bytes.count, capacity - offset)
    (base + offset).copyMemory(from: from, byteCount: first)
    if first < bytes.count { base.copyMemory(from: from + first, byteCount: bytes.count - first) }
    position += bytes.count
  }

  private func get(_ bytes: UnsafeMutableRawBufferPointer, from position: inout Int) {
    guard let to = bytes.baseAddress, bytes.count > 0 else { return }
    let offset = position & (capacity - 1)
    let first = min(bytes.count, capacity - offset)
    to.copyMemory(from: base + offset, byteCount: first)
    if first < bytes.count { (to + first).copyMemory(from: base, byteCount: bytes.count - first) }
    position += bytes.count
  }
}
