/// Raw memory that begins on a cache line and is freed with its owner.
struct AlignedBlock: ~Copyable {
  static let alignment = 64
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: byteCount, alignment: Self.alignment)
  }
  init<Element: BitwiseCopyable>(_ count: Int, of type: Element.Type) {
    self.init(byteCount: count * MemoryLayout<Element>.stride)
    base.bindMemory(to: type, capacity: count)
  }
  deinit { base.deallocate() }

  /// The memory as elements of the type it was made for.
  func elements<Element: BitwiseCopyable>(of type: Element.Type) -> UnsafeMutablePointer<Element> {
    base.assumingMemoryBound(to: type)
  }
}
