import SNNSignals

/// What the chunks of one window read: for each chunk, the spikes that it emitted and that are now to be delivered.
///
/// Chunks of neurons stand here with their spikes of the window *before*; chunks of pure sources, which depend on nothing,
/// with those of the *present* window (they work one window ahead), so that an input may be faster than the shortest delay.
///
/// The board has two pages: chunks read one while they write the other, and after a whole window the two change places.
public final class SpikeBoard: Checkpointed, @unchecked Sendable {
  // @unchecked: during a window chunks only read one page and each writes its own packet of the other; between windows one
  // thread exchanges them. Plain memory, because every chunk asks for every other in every window.
  private struct Pages {
    var shown: UnsafeMutablePointer<SpikePacket>
    var arriving: UnsafeMutablePointer<SpikePacket>
    var isFresh = true
  }
  private let pages: UnsafeMutablePointer<Pages>
  private let count: Int
  /// By population: the shown packets one after another, in the order of its chunks.
  private let lists: UnsafeMutablePointer<SpikePacket>
  /// ``lists`` as delivery reads them.
  private let gathered: UnsafeMutablePointer<ShownSpikes>
  private let chunksOfPopulation: [Range<Int>]
  private let sizes: [Int]
  /// Sources of plastic projections and of their modulators: their spikes are read a window late, as those of neurons are.
  private let lateSources: [Int]
  private let late: UnsafeMutablePointer<SpikePacket>

  init(_ populations: [PopulationLayout], chunks: Int, plasticSources: Set<Int> = []) {
    count = chunks
    chunksOfPopulation = populations.map(\.chunks)
    sizes = populations.map(\.size)
    lists = .allocate(capacity: populations.count)
    gathered = .allocate(capacity: populations.count)
    lateSources = populations.indices.filter { populations[$0].isSource && plasticSources.contains($0) }
    late = .allocate(capacity: populations.count)
    for p in populations.indices {
      (late + p).initialize(to: SpikePacket())
      (lists + p).initialize(to: SpikePacket())
      (gathered + p).initialize(to: lists[p].shown)
    }
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
    lists.deinitialize(count: chunksOfPopulation.count)
    lists.deallocate()
    late.deinitialize(count: chunksOfPopulation.count)
    late.deallocate()
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

  /// Gathers the spikes of ``packets`` by population.
  func gather() {
    for p in lateSources { swap(&lists[p], &late[p]) }
    for (p, chunks) in chunksOfPopulation.enumerated() {
      lists[p].removeAll()
      for c in chunks where !pages.pointee.shown[c].isEmpty { lists[p].append(pages.pointee.shown[c]) }
      gathered[p] = lists[p].shown
    }
  }

  /// The gathered spikes of a population.
  @inline(__always)
  func spikes(of population: Int) -> ShownSpikes { gathered[population] }

  /// The spikes of the window before, of neurons or of sources.
  func lateSpikes(of population: Int) -> ShownSpikes {
    lateSources.contains(population) ? late[population].shown : gathered[population]
  }

  /// The spikes of the window just ended, or of its part so far, that plastic synapses have yet to meet; those of sources may be
  /// later. Each neuron's are in the order of time.
  func pending(of population: Int) -> [(spike: Spike, step: UInt32)] {
    func all(_ packet: borrowing SpikePacket) -> [(spike: Spike, step: UInt32)] {
      packet.spikes.indices.map { (packet.spikes[$0], packet.steps[$0]) }
    }
    if lateSources.contains(population) { return all(lists[population]) }
    return chunksOfPopulation[population].flatMap { all(pages.pointee.shown[$0]) }
  }

  /// Between windows: what is shown, and what has been gathered of it, which the rest of a cut window and synapses that read a
  /// window late still need.
  public func pass(through state: StateTransfer) throws {
    for (p, chunks) in chunksOfPopulation.enumerated() {
      for c in chunks { try pages.pointee.shown[c].pass(through: state, size: sizes[p]) }
      try lists[p].pass(through: state, size: sizes[p])
      try late[p].pass(through: state, size: sizes[p])
      gathered[p] = lists[p].shown
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
      pages.pointee.shown[chunk].append(pages.pointee.arriving[chunk])
    } else {
      swap(&pages.pointee.shown[chunk], &pages.pointee.arriving[chunk])
    }
  }
}
