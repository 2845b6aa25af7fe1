import SNNSignals

/// A checkpoint in memory.
public final class MemoryCheckpoint: CheckpointSink, CheckpointSource {
  private var sections: [(name: String, version: Int, bytes: [UInt8])] = []
  private var handed: [UnsafeMutableRawBufferPointer] = []

  public init() {}
  deinit { for buffer in handed { buffer.deallocate() } }

  /// The same content.
  public convenience init(_ other: MemoryCheckpoint) {
    self.init()
    sections = other.sections
  }

  /// What `parts` pass.
  public convenience init(_ parts: any Checkpointed...) throws {
    self.init()
    let state = StateTransfer(savingTo: self)
    for part in parts { try part.pass(through: state) }
  }

  public func restore(_ parts: any Checkpointed...) throws {
    let state = StateTransfer(restoringFrom: self)
    for part in parts { try part.pass(through: state) }
  }

  public var names: [String] { sections.map(\.name) }
  public subscript(_ name: String) -> [UInt8] {
    get { sections.first { $0.name == name }?.bytes ?? [] }
    set { sections[sections.firstIndex { $0.name == name }!].bytes = newValue }
  }

  public func begin(_ section: String, version: Int) { sections.append((section, version, [])) }
  public func write(_ bytes: UnsafeRawBufferPointer) { sections[sections.count - 1].bytes.append(contentsOf: bytes) }

  public func section(_ name: String) throws -> (version: Int, bytes: UnsafeRawBufferPointer) {
    guard let found = sections.first(where: { $0.name == name }) else { throw CheckpointError(section: name, "is not there") }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: found.bytes.count, alignment: 16)
    copy.copyBytes(from: found.bytes)
    handed.append(copy)
    return (found.version, UnsafeRawBufferPointer(copy))
  }
}
