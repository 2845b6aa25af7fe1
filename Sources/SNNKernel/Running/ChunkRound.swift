import Dispatch
import SNNSignals

/// A(k): every chunk advances through a window and puts its spikes on the board, one task each.
///
/// Chunks are dealt to the workers by what they have lately cost, dear ones first, and stay with their worker, in whose
/// cache they are, until another deal would end sooner. Only the time depends on who runs a chunk.
final class ChunkRound {
  private struct Present {
    var window: Window
    var number: Int
    /// Whether `window` ends window `number`, rather than a call having cut it.
    var isClosing: Bool
    var isTimed: Bool
  }
  private let pool: WorkStealingPool
  private let count: Int
  private let present: UnsafeMutablePointer<Present>
  private let work: PoolWork
  private let benches: UnsafeMutablePointer<Workbench>
  private var deal: ChunkDeal
  private var choice = WorkerChoice()
  private var rounds = 0

  /// One round in so many is timed chunk by chunk.
  private static let timedInterval = 16

  init(_ network: CompiledNetwork, board: SpikeBoard, pool: WorkStealingPool) {
    self.pool = pool
    let chunks = network.chunks
    count = chunks.count
    present = .allocate(capacity: 1)
    present.initialize(to: Present(window: Window(start: .zero, end: .zero), number: 0, isClosing: false, isTimed: false))
    benches = .allocate(capacity: pool.workers)
    for worker in 0..<pool.workers { (benches + worker).initialize(to: Workbench()) }
    deal = ChunkDeal(chunks: chunks.count, workers: pool.workers)
    var isSource = [Bool](repeating: false, count: chunks.count)
    for population in network.populations where population.isSource {
      for c in population.chunks { isSource[c] = true }
    }
    let sources = isSource
    // Written between rounds, read by all tasks; each task writes the cost of its own chunk.
    nonisolated(unsafe) let (present, order, costs, benches) = (present, deal.order, deal.latest, benches)
    work = PoolWork { place, worker in
      let c = Int(order[place])
      let now = present.pointee
      let started = now.isTimed ? DispatchTime.now().uptimeNanoseconds : 0
      let chunk = chunks[c]
      chunk.advance(through: now.window, number: now.number, board: board, bench: &benches[worker])
      if now.isClosing || !sources[c] { board.take(from: chunk, c) }
      if now.isTimed { costs[c] = Double(DispatchTime.now().uptimeNanoseconds - started) }
    }
  }

  deinit {
    present.deallocate()
    benches.deinitialize(count: pool.workers)
    benches.deallocate()
    deal.deallocate()
  }

  func run(_ window: Window, number: Int, isClosing: Bool) {
    present.pointee = Present(window: window, number: number, isClosing: isClosing, isTimed: false)
    guard pool.workers > 1 && count > 1 else { return pool.runAlone(work, count) }
    choice.nextWindow()
    guard choice.together else { return pool.runAlone(work, count) }
    rounds += 1
    present.pointee.isTimed = rounds % Self.timedInterval == 0
    pool.run(work) { deal.starts[$0] }
    if present.pointee.isTimed { deal.improve() }
  }
}

/// Which chunks each worker begins with.
struct ChunkDeal {
  /// Chunk numbers, worker by worker, the dearest first.
  let order: UnsafeMutablePointer<UInt32>
  /// What each chunk cost when it was last timed, ns.
  let latest: UnsafeMutablePointer<Double>
  /// Worker w has `order[starts[w] ..< starts[w + 1]]`.
  private(set) var starts: [Int]
  private var costs: [Double]
  private let workers: Int

  /// A new deal must end this much sooner to be worth the chunks' move to other caches.
  private static let gain = 0.97

  init(chunks: Int, workers: Int) {
    self.workers = workers
    order = .allocate(capacity: max(1, chunks))
    latest = .allocate(capacity: max(1, chunks))
    for c in 0..<chunks {
      order[c] = UInt32(c)
      latest[c] = 0
    }
    starts = (0...workers).map { chunks * $0 / workers }
    costs = Array(repeating: 0, count: chunks)
  }

  func deallocate() {
    order.deallocate()
    latest.deallocate()
  }

  /// Takes the latest costs into account, and deals anew if that helps.
  mutating func improve() {
    for c in costs.indices {
      // A task that was interrupted by another process took long, but is not dear.
      let seen = costs[c] > 0 ? min(latest[c], 2 * costs[c]) : latest[c]
      costs[c] += (seen - costs[c]) * (costs[c] > 0 ? 0.25 : 1)
    }
    // Longest processing time first: Graham (1969), doi:10.1137/0117039.
    var hands = [[UInt32]](repeating: [], count: workers)
    var loads = [Double](repeating: 0, count: workers)
    for c in costs.indices.sorted(by: { costs[$0] > costs[$1] }) {
      let least = loads.indices.min { loads[$0] < loads[$1] }!
      hands[least].append(UInt32(c))
      loads[least] += costs[c]
    }
    guard loads.max()! < Self.gain * longestHand else { return }
    var place = 0
    for worker in 0..<workers {
      starts[worker] = place
      for c in hands[worker] {
        order[place] = c
        place += 1
      }
    }
  }

  /// The cost of the present deal's worst hand.
  private var longestHand: Double {
    (0..<workers).map { worker in (starts[worker]..<starts[worker + 1]).reduce(0) { $0 + costs[Int(order[$1])] } }.max()!
  }
}
