import SNNDynamics
import SNNSignals

/// The synaptic input of one grid chunk: per receptor a ring of rows, one row of sums per coming step, before which a
/// calendar stands where delays differ so much that a ring for all of them would not stay in the cache.
final class GridInbox: Checkpointed, @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  let blocks: Int
  private let rowMask: Int
  private let own: AlignedBuffer<Lanes>
  private let receptors: Int
  /// The synapses onto this chunk, each with the population its rows come from, in the order of the network file.
  let inlets: [Inlet]
  /// Then the tables change from window to window; else ``routes`` are the inlets.
  private let hasProcedural: Bool
  private let routes: AlignedBuffer<Route>
  private let plastic: [PlasticInlet]
  private let calendars: [Calendar]
  /// By receptor, ``calendars`` as delivery uses them.
  private let ports: AlignedBuffer<Port>

  /// An inlet as delivery reads it.
  private struct Route: BitwiseCopyable {
    let columns: SynapseColumns
    let source: Int
    let receptor: Receptor
  }

  /// What stands between delivery and the ring.
  private enum Calendar {
    case single(InputCalendar<SingleEntry>)
    case double(InputCalendar<DoubleEntry>)

    var byteCount: Int {
      switch self {
      case .single(let calendar): calendar.byteCount
      case .double(let calendar): calendar.byteCount
      }
    }
    var port: Port {
      switch self {
      case .single(let calendar): .single(CalendarSink(calendar))
      case .double(let calendar): .double(CalendarSink(calendar))
      }
    }
  }

  private enum Port: BitwiseCopyable {
    case ring
    case single(CalendarSink<SingleEntry>)
    case double(CalendarSink<DoubleEntry>)
  }

  init(blocks: Int, receptors: Int, windowSteps: Int, step: Time, inlets: [Inlet], plastic: [PlasticInlet] = []) {
    self.blocks = blocks
    self.inlets = inlets
    self.plastic = plastic
    hasProcedural = inlets.contains { $0.table == nil }
    routes = AlignedBuffer(count: hasProcedural ? 0 : inlets.count)
    for i in 0..<routes.count {
      routes[i] = Route(columns: SynapseColumns(inlets[i].table!), source: inlets[i].source, receptor: inlets[i].receptor)
    }
    // Counted from the first step of a window, which spikes of the window before reach a delay later at most.
    let reaches =
      inlets.map { $0.maximumDelay.stepsCeil(step) + ($0.isAhead ? windowSteps : 0) }
      + plastic.map { $0.maximumDelay.stepsCeil(step) }
    let reach = reaches.max() ?? 0
    let (rowCount, usesCalendar) = InputRing.rows(
      windowSteps: windowSteps, reach: reach,
      hasOwnDelays: inlets.contains { $0.hasOwnDelays } || plastic.contains { $0.hasOwnDelays })
    rowMask = rowCount - 1
    self.receptors = receptors
    own = AlignedBuffer(count: rowCount == 1 ? 0 : receptors * rowCount * blocks)
    let calendars = Receptor.allCases.prefix(usesCalendar ? receptors : 0).map { receptor -> Calendar in
      let isSingle =
        inlets.allSatisfy { $0.receptor != receptor || $0.hasOwnWeights }
        && plastic.allSatisfy { $0.table.receptor != receptor }
      return isSingle ? .single(InputCalendar(steps: reach)) : .double(InputCalendar(steps: reach))
    }
    self.calendars = calendars
    ports = AlignedBuffer(count: receptors)
    for r in 0..<receptors { ports[r] = usesCalendar ? calendars[r].port : .ring }
  }

  var byteCount: Int {
    own.byteCount + plastic.reduce(0) { $0 + $1.byteCount } + inlets.reduce(0) { $0 + $1.byteCount }
      + calendars.reduce(0) { $0 + $1.byteCount }
  }

  func pass(through state: StateTransfer) throws {
    try own.pass(through: state)
    for calendar in calendars {
      // Which of them depends on the weights, which a branch may change.
      var isSingle = if case .single = calendar { true } else { false }
      let present = isSingle
      try state.flag(&isSingle)
      try state.require(isSingle == present, "has inputs of another precision: weights have come to share a value, or a sign")
      switch calendar {
      case .single(let calendar): try calendar.pass(through: state, targets: blocks * 8)
      case .double(let calendar): try calendar.pass(through: state, targets: blocks * 8)
      }
    }
    for inlet in plastic { try inlet.pass(through: state) }
  }

  /// The rings of both receptors, for one task. A ring of one row, filled and emptied by the same task, stands on the bench.
  @inline(__always)
  func rows(on bench: inout Workbench) -> InputRows {
    let first = rowMask == 0 ? bench.sums(receptors * blocks) : own.pointer
    return InputRows(
      excitatory: first, inhibitory: first + (receptors - 1) * (rowMask + 1) * blocks, mask: rowMask, blocks: blocks)
  }

  /// Adds every spike of the board to the steps where it acts, the first of which follows step `start`. The order of additions
  /// to one cell is that of inlets (plastic ones last), chunks,
  /// spikes and rows: fixed by the network.
  ///
  /// Few spikes of many populations leave no time to look ahead within one of them, so the first rows of all are hinted at
  /// before the first is delivered.
  func deliver(_ board: SpikeBoard, to rows: InputRows, start: Int) {
    deliverStatic(board, to: rows)
    for inlet in plastic {
      let receptor = inlet.table.receptor
      switch ports.pointer[Int(receptor.rawValue)] {
      case .ring:
        inlet.deliver(
          board, until: start, into: RingSink(sums: rows.ring(receptor), rowMask: rowMask, rowLength: blocks * 8))
      case .single(let calendar): inlet.deliver(board, until: start, into: calendar)
      case .double(let calendar): inlet.deliver(board, until: start, into: calendar)
      }
    }
  }

  /// Lets plastic synapses look at the states that the chunk has just sampled.
  func observe() { for inlet in plastic { inlet.observe() } }

  /// Shows plastic synapses what the chunk has just emitted.
  @inline(__always)
  func note(_ packet: borrowing SpikePacket) {
    guard !plastic.isEmpty && !packet.isEmpty else { return }
    for inlet in plastic { inlet.postsynapticSpikes(packet) }
  }

  private func deliverStatic(_ board: SpikeBoard, to rows: InputRows) {
    guard !hasProcedural else {
      for inlet in inlets { inlet.forEachTable(board) { deliver(SynapseColumns($0), $0.receptor, $1, rows) } }
      return
    }
    forEachRoute(board) { $0.columns.prefetchFirstBounds($1) }
    forEachRoute(board) { $0.columns.prefetchFirstRows($1) }
    forEachRoute(board) { deliver($0.columns, $0.receptor, $1, rows) }
  }

  private func deliver(_ columns: SynapseColumns, _ receptor: Receptor, _ spikes: ShownSpikes, _ rows: InputRows) {
    switch ports.pointer[Int(receptor.rawValue)] {
    case .ring:
      columns.deliver(spikes, into: RingSink(sums: rows.ring(receptor), rowMask: rowMask, rowLength: blocks * 8))
    case .single(let calendar): columns.deliver(spikes, into: calendar)
    case .double(let calendar): columns.deliver(spikes, into: calendar)
    }
  }

  /// Each route whose population has spikes on the board.
  @inline(__always)
  private func forEachRoute(_ board: SpikeBoard, _ body: (Route, ShownSpikes) -> Void) {
    for r in 0..<routes.count {
      let route = routes.pointer[r]
      let spikes = board.spikes(of: route.source)
      if spikes.count > 0 { body(route, spikes) }
    }
  }

  /// Whether nothing is left of the inputs of steps that are over. Checked in debug builds.
  func isEmpty(steps first: Int, _ end: Int, _ rows: InputRows) -> Bool {
    (first..<end).allSatisfy { step in
      Receptor.allCases.prefix(receptors).allSatisfy { receptor in
        (0..<blocks * 8).allSatisfy { rows.row(step, receptor)[$0] == 0 }
      }
    }
  }

  /// Moves what acts in the steps `first ..< end` from the calendars into the ring.
  func takeDue(steps first: Int, _ end: Int, to rows: InputRows) {
    for r in 0..<receptors {
      for step in first..<end {
        let sums = rows.row(step, r == 0 ? .excitatory : .inhibitory)
        switch ports.pointer[r] {
        case .ring: return
        case .single(let calendar): calendar.take(step, into: sums)
        case .double(let calendar): calendar.take(step, into: sums)
        }
      }
    }
  }
}

/// The rings of a chunk's inputs: `mask + 1` rows of `blocks` sums of eight neurons for each receptor.
struct InputRows: BitwiseCopyable {
  let excitatory, inhibitory: UnsafeMutablePointer<Lanes>
  let mask: Int
  let blocks: Int

  @inline(__always)
  func ring(_ receptor: Receptor) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(receptor == .excitatory ? excitatory : inhibitory).assumingMemoryBound(to: Double.self)
  }
  /// The inputs that act at the end of step `step`, counted from t = 0.
  @inline(__always)
  func row(_ step: Int, _ receptor: Receptor) -> UnsafeMutablePointer<Double> {
    ring(receptor) + (step & mask) * blocks * 8
  }
}

/// How many rows of sums the neurons of a grid chunk need.
public enum InputRing {
  /// Most rows of a ring when delays differ from synapse to synapse.
  private static let mostRows = 16

  /// - Parameters:
  ///   - windowSteps: steps per window.
  ///   - reach: how many steps ahead of the first step of a window an input may act.
  /// - Returns: a power of two of rows, and whether inputs that act later than these wait in a calendar.
  public static func rows(windowSteps: Int, reach: Int, hasOwnDelays: Bool) -> (rows: Int, usesCalendar: Bool) {
    let usesCalendar = reach > mostRows && hasOwnDelays
    var rows = 1
    while rows < max(windowSteps, usesCalendar ? 0 : reach) { rows *= 2 }
    return (rows, usesCalendar)
  }
}
