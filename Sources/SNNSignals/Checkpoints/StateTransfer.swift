/// Carries state into a checkpoint or out of one, section by section.
///
/// Plain values go as they lie in memory, on machines that are all little-endian with 64 bits. Everything of varying length is
/// preceded by its count. Restoring checks every count against what is there; an index or flag that memory depends on is checked
/// by whoever knows its range, with ``require(_:_:)``.
public final class StateTransfer {
  private enum Way {
    case saving(any CheckpointSink)
    case restoring(any CheckpointSource)
  }
  private let way: Way
  private var name = ""
  /// Of the section that is restored.
  private var left = UnsafeRawBufferPointer(start: nil, count: 0)

  public init(savingTo sink: any CheckpointSink) { way = .saving(sink) }
  public init(restoringFrom source: any CheckpointSource) { way = .restoring(source) }

  public var isRestoring: Bool { if case .restoring = way { true } else { false } }
  /// Bytes of the present section that have yet to be restored.
  public var remaining: Int { left.count }

  /// Everything that `body` passes is one section. Sections do not lie within each other.
  /// - Parameter version: of what `body` passes; a section of another version is refused.
  public func section(_ name: String, version: Int = 1, _ body: () throws -> Void) throws {
    precondition(self.name.isEmpty, "section \(name) begins within \(self.name)")
    self.name = name
    defer { self.name = "" }
    switch way {
    case .saving(let sink):
      try sink.begin(name, version: version)
      try body()
    case .restoring(let source):
      let found = try source.section(name)
      try require(found.version == version, "is of version \(found.version); this program reads \(version)")
      left = found.bytes
      try body()
      try require(left.isEmpty, "holds \(left.count) bytes too many")
    }
  }

  /// When restoring, throws unless `condition` holds.
  public func require(_ condition: @autoclosure () -> Bool, _ problem: @autoclosure () -> String) throws {
    guard isRestoring, !condition() else { return }
    throw CheckpointError(section: name, problem())
  }

  /// A plain value without flags or cases, any bits of which mean something.
  public func value<Value: BitwiseCopyable>(_ value: inout Value) throws {
    try withUnsafeMutableBytes(of: &value) { try raw($0) }
  }

  public func flag(_ flag: inout Bool) throws {
    var byte: UInt8 = flag ? 1 : 0
    try value(&byte)
    try require(byte <= 1, "has a flag of \(byte)")
    flag = byte == 1
  }

  /// How many elements of `stride` bytes follow.
  /// - Returns: `count`, or the count of the checkpoint, which holds so many.
  public func count(_ count: Int, stride: Int) throws -> Int {
    var number = UInt64(count)
    try value(&number)
    try require(number <= UInt64(left.count / max(1, stride)), "ends early: \(number) elements are announced")
    return Int(number)
  }

  /// Elements whose number is known.
  public func elements<Element: BitwiseCopyable>(_ first: UnsafeMutablePointer<Element>, count: Int) throws {
    try raw(UnsafeMutableRawBufferPointer(start: first, count: count * MemoryLayout<Element>.stride))
  }

  /// Memory that must have the same number of elements in the checkpoint.
  public func buffer<Element: BitwiseCopyable>(_ first: UnsafeMutablePointer<Element>, count: Int) throws {
    let found = try self.count(count, stride: MemoryLayout<Element>.stride)
    try require(found == count, "holds \(found) values where this network has \(count)")
    try elements(first, count: count)
  }

  /// An array of any length.
  public func list<Element: BitwiseCopyable>(_ list: inout [Element]) throws {
    let count = try count(list.count, stride: MemoryLayout<Element>.stride)
    if isRestoring {
      list = [Element](unsafeUninitializedCapacity: count) { buffer, filled in
        let bytes = UnsafeRawBufferPointer(rebasing: left.prefix(count * MemoryLayout<Element>.stride))
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        filled = count
      }
      left = UnsafeRawBufferPointer(rebasing: left.dropFirst(count * MemoryLayout<Element>.stride))
    } else {
      try list.withUnsafeMutableBytes { try raw($0) }
    }
  }

  /// An array whose length is the same in the checkpoint.
  public func values<Element: BitwiseCopyable>(_ values: inout [Element]) throws {
    let count = values.count
    try list(&values)
    try require(values.count == count, "holds \(values.count) values where this network has \(count)")
  }

  public func text(_ text: inout String) throws {
    var bytes = Array(text.utf8)
    try list(&bytes)
    text = String(decoding: bytes, as: UTF8.self)
  }

  private func raw(_ bytes: UnsafeMutableRawBufferPointer) throws {
    guard bytes.count > 0 else { return }
    switch way {
    case .saving(let sink): try sink.write(UnsafeRawBufferPointer(bytes))
    case .restoring:
      try require(bytes.count <= left.count, "ends early")
      bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: left.prefix(bytes.count)))
      left = UnsafeRawBufferPointer(rebasing: left.dropFirst(bytes.count))
    }
  }
}
