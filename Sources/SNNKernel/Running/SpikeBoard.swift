import SNNSignals

/// What the chunks of one window read: for each chunk, the spikes that it emitted and that are now to be delivered.
///
/// Chunks of neurons stand here with their spikes of the window *before*; chunks of pure sources, which depend on nothing,
/// with those of the *present* window (they work one window ahead), so that an input may be faster than the shortest delay.
///
/// The board has two pages: chunks read one while they write the other, and after a whole window the two change places.
public final class SpikeBoard: @unchecked Sendable {
  // @unchecked: during a window chunks only read one page and each writes its own packet of the other; between windows one
  // thread exchanges them. Plain memory, because every chunk asks for every other in every window.
  private struct Pages {
    var shown: UnsafeMutablePointer<SpikePacket>
    var arriving: UnsafeMutablePointer<SpikePacket>
    var isFresh = true
  }
  private let pages: UnsafeMutablePointer<Pages>
  private let count: Int
  /// The shown packets of each population one after another, in the order of its chunks: what is delivered.
  public let gathered: UnsafeMutableBufferPointer<SpikePacket>
  private let chunksOfPopulation: [Range<Int>]

  init(_ populations: [PopulationLayout], chunks: Int) {
    count = chunks
    chunksOfPopulation = populations.map(\.chunks)
    gathered = .allocate(capacity: populations.count)
    gathered.initialize(repeating: SpikePacket())
    pages = .allocate(capacity: 1)
    func page() -> UnsafeMutablePointer<SpikePacket> {
      let page = UnsafeMutablePointer<SpikePacket>.allocate(capacity: chunks)
      for chunk in 0..<chunks { (page + chunk).initialize(to: SpikePacket()) }
      return page
    }
    pages.initialize(to: Pages(shown: page(), arriving: page()))
  }

  deinit {
    for page in [pages.pointee.shown, pages.pointee.arriving] {
      page.deinitialize(count: count)
      page.deallocate()
    }
    pages.deallocate()
    gathered.deinitialize()
    gathered.deallocate()
  }

  /// By chunk.
  public var packets: UnsafeMutableBufferPointer<SpikePacket> {
    UnsafeMutableBufferPointer(start: pages.pointee.shown, count: count)
  }
  /// Whether these spikes have yet to be delivered: not in the rest of a window that the end of a call had cut.
  public internal(set) var isFresh: Bool {
    get { pages.pointee.isFresh }
    set { pages.pointee.isFresh = newValue }
  }

  /// Makes ``gathered`` of ``packets``.
  func gather() {
    for p in gathered.indices {
      if !gathered[p].spikes.isEmpty { gathered[p].removeAll() }
      for c in chunksOfPopulation[p] where !packets[c].spikes.isEmpty { gathered[p].append(contentsOf: packets[c]) }
    }
  }

  /// Takes the spikes that chunk number `index` has just emitted. Called by the chunk's task.
  @inline(__always)
  func take(from chunk: any Chunk, _ index: Int) { chunk.takeSpikes(into: &pages.pointee.arriving[index]) }

  /// Shows what has arrived from all chunks.
  func turn() { swap(&pages.pointee.shown, &pages.pointee.arriving) }

  /// Shows what has arrived from one chunk, instead of what it showed before or after it.
  func show(_ chunk: Int, appending: Bool) {
    if appending {
      pages.pointee.shown[chunk].append(contentsOf: pages.pointee.arriving[chunk])
    } else {
      swap(&pages.pointee.shown[chunk], &pages.pointee.arriving[chunk])
    }
  }
}

extension SpikeBoard {
  /// Calls `body` with the gathered spikes of a population, if there are any.
  @inline(__always)
  func withSpikes(of population: Int, _ body: (ShownSpikes) -> Void) {
    if !gathered[population].spikes.isEmpty { gathered[population].withShown(body) }
  }
}

extension SpikePacket {
  /// Calls `body` with the spikes, of which there must be some.
  @inline(__always)
  func withShown(_ body: (ShownSpikes) -> Void) {
    spikes.withUnsafeBufferPointer { spikes in
      steps.withUnsafeBufferPointer { steps in
        body(ShownSpikes(count: spikes.count, spikes: spikes.baseAddress!, steps: steps.baseAddress!))
      }
    }
  }
}
