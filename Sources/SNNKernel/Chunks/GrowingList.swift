import SNNSignals

/// A growing list of plain values in flat memory, which it never gives back.
struct GrowingList<Element: BitwiseCopyable>: ~Copyable {
  private(set) var storage: UnsafeMutablePointer<Element>
  private(set) var capacity = 0
  private(set) var count = 0

  init() { storage = .allocate(capacity: 0) }
  deinit { storage.deallocate() }

  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: storage, count: count) }
  var byteCount: Int { capacity * MemoryLayout<Element>.stride }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ element: Element) {
    if _slowPath(count == capacity) { grow(to: count &+ 1) }
    storage[count] = element
    count &+= 1
  }

  mutating func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let first = elements.baseAddress else { return }
    extend(by: elements.count).update(from: first, count: elements.count)
  }

  /// Makes room for `number` elements behind the last, which the caller must write at once.
  @inline(__always)
  mutating func extend(by number: Int) -> UnsafeMutablePointer<Element> {
    if _slowPath(count &+ number > capacity) { grow(to: count &+ number) }
    defer { count &+= number }
    return storage + count
  }

  mutating func removeFirst(_ number: Int) {
    count -= number
    storage.update(from: storage + number, count: count)
  }
  mutating func removeLast(_ number: Int) { count -= number }

  /// Keeps the elements that fulfil `condition`, in their order.
  mutating func keep(where condition: (Element) -> Bool) {
    var kept = 0
    for i in 0..<count where condition(storage[i]) {
      storage[kept] = storage[i]
      kept += 1
    }
    count = kept
  }

  @inline(never)
  private mutating func grow(to needed: Int) {
    let larger = max(16, 2 * capacity, needed)
    let room = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    room.update(from: storage, count: count)
    storage.deallocate()
    storage = room
    capacity = larger
  }
}

extension GrowingList {
  mutating func pass(through state: StateTransfer) throws {
    let number = try state.count(count, stride: MemoryLayout<Element>.stride)
    if state.isRestoring {
      removeAll()
      _ = extend(by: number)
    }
    try state.elements(storage, count: number)
  }
}

extension GrowingList where Element: Comparable {
  mutating func sort() {
    guard count > 1 else { return }
    var elements = UnsafeMutableBufferPointer(start: storage, count: count)
    elements.sort()
  }
}
