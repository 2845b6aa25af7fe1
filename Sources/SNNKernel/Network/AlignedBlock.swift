import CPrimitives

/// Raw memory that begins on a cache line and is freed with its owner.
struct AlignedBlock: ~Copyable {
  static let alignment = 64
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Pages of 2 MiB, where the system has them, spare neurons and synapses that are visited in random order the search for
  /// their address: the sparse network took 0.8 of the time. A last page less than three quarters full stays in small ones.
  private static let largePage = 2 << 20

  init(byteCount: Int) {
    self.byteCount = byteCount
    let pages = (byteCount + Self.largePage / 4) / Self.largePage
    guard pages > 0 else {
      base = .allocate(byteCount: byteCount, alignment: Self.alignment)
      return
    }
    base = .allocate(byteCount: max(byteCount, pages * Self.largePage), alignment: Self.largePage)
    primitive_advise_large_pages(base, pages * Self.largePage)
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
