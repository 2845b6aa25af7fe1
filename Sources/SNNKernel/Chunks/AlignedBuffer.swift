import SNNSignals

/// Owned memory for plain values, aligned to cache lines, zeroed: every state of the kernel lives in such arrays.
final class AlignedBuffer<Element: BitwiseCopyable>: Checkpointed, @unchecked Sendable {
  // @unchecked: written by the one task that runs its chunk; the barrier between windows orders all accesses.
  let pointer: UnsafeMutablePointer<Element>
  let count: Int
  private let block: AlignedBlock

  init(count: Int) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Element>.stride
    block = AlignedBlock(byteCount: bytes)
    block.base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = block.base.bindMemory(to: Element.self, capacity: max(1, count))
  }

  var byteCount: Int { count * MemoryLayout<Element>.stride }
  subscript(_ i: Int) -> Element {
    get { pointer[i] }
    set { pointer[i] = newValue }
  }

  /// All elements; a network of the same shape has as many.
  func pass(through state: StateTransfer) throws { try state.buffer(pointer, count: count) }
}
