import SNNDynamics
import SNNSignals

/// The synaptic input of one grid chunk: per receptor a ring of rows, one row of sums per coming step, before which a
/// calendar stands where delays differ so much that a ring for all of them would not stay in the cache.
public final class GridInbox: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let blocks: Int
  let rowMask: Int
  let excitatory: AlignedBuffer<Lanes>
  let inhibitory: AlignedBuffer<Lanes>
  /// The synapses onto this chunk, each with the population its rows come from, in the order of the network file.
  let inlets: [Inlet]
  private let routes: AlignedBuffer<Route>
  private let calendars: [Calendar]

  /// An inlet as delivery reads it.
  private struct Route: BitwiseCopyable {
    let columns: SynapseColumns
    let source: Int
    let receptor: Receptor
  }

  /// What stands between delivery and the ring, per receptor.
  private enum Calendar {
    case none
    case single(InputCalendar<SingleEntry>)
    case double(InputCalendar<DoubleEntry>)

    var byteCount: Int {
      switch self {
      case .none: 0
      case .single(let calendar): calendar.byteCount
      case .double(let calendar): calendar.byteCount
      }
    }
  }

  /// Most rows of a ring when delays differ from synapse to synapse.
  public static let mostRows = 16

  init(blocks: Int, receptors: Int, windowSteps: Int, step: Time, inlets: [Inlet]) {
    self.blocks = blocks
    self.inlets = inlets
    routes = AlignedBuffer(count: inlets.count)
    for (i, inlet) in inlets.enumerated() {
      routes[i] = Route(columns: SynapseColumns(inlet.table), source: inlet.source, receptor: inlet.table.receptor)
    }
    // Counted from the first step of a window, which spikes of the window before reach a delay later at most.
    let reach = inlets.map { $0.table.maximumDelay.stepsCeil(step) + ($0.isAhead ? windowSteps : 0) }.max() ?? 0
    let usesCalendar = reach > Self.mostRows && inlets.contains { $0.table.hasOwnDelays }
    var rows = 1
    while rows < max(windowSteps, usesCalendar ? 0 : reach) { rows *= 2 }
    rowMask = rows - 1
    excitatory = AlignedBuffer(count: rows * blocks)
    inhibitory = AlignedBuffer(count: receptors > 1 ? rows * blocks : 0)
    calendars = Receptor.allCases.prefix(receptors).map { receptor in
      guard usesCalendar else { return .none }
      let isSingle = inlets.allSatisfy { $0.table.receptor != receptor || $0.table.hasOwnWeights }
      return isSingle ? .single(InputCalendar(steps: reach)) : .double(InputCalendar(steps: reach))
    }
  }

  var byteCount: Int {
    excitatory.byteCount + inhibitory.byteCount + inlets.reduce(0) { $0 + $1.table.byteCount }
      + calendars.reduce(0) { $0 + $1.byteCount }
  }

  /// Row of the ring for absolute step `step` (the input that acts at its end).
  @inline(__always) func row(_ step: Int) -> Int { step & rowMask }

  @inline(__always)
  func ring(_ receptor: Receptor) -> UnsafeMutablePointer<Double> {
    let lanes = receptor == .excitatory ? excitatory.pointer : inhibitory.pointer
    return UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
  }

  /// Adds every spike of the board to the steps where it acts. The order of additions to one cell is that of inlets, chunks,
  /// spikes and rows: fixed by the network.
  ///
  /// Few spikes of many populations leave no time to look ahead within one of them, so the first rows of all are hinted at
  /// before the first is delivered.
  func deliver(_ board: SpikeBoard) {
    forEachRoute(board) { $0.columns.prefetchFirstBounds($1) }
    forEachRoute(board) { $0.columns.prefetchFirstRows($1) }
    forEachRoute(board) { (route, spikes) in
      switch calendars[Int(route.receptor.rawValue)] {
      case .none:
        route.columns.deliver(
          spikes, into: RingSink(sums: ring(route.receptor), rowMask: rowMask, rowLength: blocks * 8))
      case .single(let calendar): route.columns.deliver(spikes, into: CalendarSink(calendar))
      case .double(let calendar): route.columns.deliver(spikes, into: CalendarSink(calendar))
      }
    }
  }

  /// Each route whose population has spikes on the board.
  @inline(__always)
  private func forEachRoute(_ board: SpikeBoard, _ body: (Route, ShownSpikes) -> Void) {
    for r in 0..<routes.count {
      let route = routes.pointer[r]
      board.withSpikes(of: route.source) { body(route, $0) }
    }
  }

  /// Moves what acts in the steps `first ..< end` from the calendars into the ring.
  func takeDue(steps first: Int, _ end: Int) {
    for (receptor, calendar) in zip(Receptor.allCases, calendars) {
      for step in first..<end {
        let sums = ring(receptor) + row(step) * blocks * 8
        switch calendar {
        case .none: break
        case .single(let calendar): calendar.take(step, into: sums)
        case .double(let calendar): calendar.take(step, into: sums)
        }
      }
    }
  }
}

/// One synapse table together with the population of its sources.
public struct Inlet: Sendable {
  public var table: SynapseTable
  /// Index among the network's populations.
  public var source: Int
  /// Whether the sources stand on the board with the spikes of the present window, not of the one before.
  public var isAhead: Bool
  public init(table: SynapseTable, source: Int, isAhead: Bool) {
    self.table = table
    self.source = source
    self.isAhead = isAhead
  }
}
