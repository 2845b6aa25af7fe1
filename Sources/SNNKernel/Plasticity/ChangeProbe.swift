import SNNSignals

/// Every change of weights or delays of synapses, beginning with what they are at `from`.
///
/// Weights are followed to the end of each window. Of learned delays the changes of a window are known in the next;
/// ``finish(_:_:at:)`` brings those of the last.
public final class ChangeProbe: @unchecked Sendable {
  // @unchecked: used between windows, by one thread.
  public struct Change: BitwiseCopyable, Sendable {
    public var time: Time
    /// Of the synapse.
    public var number: UInt32
    public var value: Double
  }
  private struct Watched {
    var number: Int
    var source: Int
    var place: Int
  }
  public private(set) var selection: SynapseSelection
  /// By inlet of the projection.
  private var watched: [[Watched]] = []
  /// By inlet, the position among ``watched`` of each place with learned delays.
  private var positions: [[UInt32: Int]] = []
  private var latest: [[Double]] = []
  private var changes: [Change] = []
  private var hasBegun = false

  public init(_ selection: SynapseSelection) { self.selection = selection }

  /// What changed since the last call, in the order of time.
  public func take() -> [Change] {
    defer { changes.removeAll(keepingCapacity: true) }
    return changes
  }

  /// Begins at `time` at the earliest: the run is the continuation of another.
  public func begin(at time: Time) { selection.from = max(selection.from, time) }

  /// After the network's own state, whose tables are told again what is watched.
  func pass(through state: StateTransfer, _ network: CompiledNetwork) throws {
    let projection = network.plastic[selection.projection]
    let inlets = projection.inlets
    try state.flag(&hasBegun)
    guard hasBegun else {
      changes = []
      return
    }
    if state.isRestoring {
      watched = inlets.map { _ in [] }
      latest = inlets.map { _ in [] }
    }
    for (i, inlet) in inlets.enumerated() {
      try state.list(&watched[i])
      try state.list(&latest[i])
      let (sources, count) = (inlet.table.sources, inlet.table.count)
      try state.require(
        latest[i].count == watched[i].count
          && watched[i].allSatisfy { (0..<count).contains($0.place) && (0..<sources).contains($0.source) && $0.number >= 0 },
        "follows synapses that there are not")
      guard state.isRestoring, case .delays(let table) = inlet.synapses else { continue }
      table.watch(watched[i].map(\.place))
    }
    try state.list(&changes)
    if state.isRestoring { findPositions() }
  }

  /// Looks at `window`, which has just ended or been cut.
  func follow(_ window: Window, _ network: CompiledNetwork, _ board: SpikeBoard) {
    guard window.end > selection.from else { return }
    if !hasBegun { begin(network, board) }
    let projection = network.plastic[selection.projection]
    let after = projection.clock.moment(max(window.start, selection.from))
    let end = projection.clock.moment(window.end)
    let first = changes.count
    var pending: [UInt32: [Int64]]?
    projection.beginLook(board)
    defer { projection.endLook() }
    for (i, inlet) in projection.inlets.enumerated() {
      switch inlet.synapses {
      case .delays(let table): if board.isFresh { note(table.changes, of: i, projection.clock) }
      case .weights(let table):
        guard selection.variable == .weight, window.start < selection.to else { continue }
        let waiting = pending ?? projection.pending(until: end, board)
        pending = waiting
        var source = -1
        var arrivals: [Int64] = []
        for (position, one) in watched[i].enumerated() {
          if one.source != source {
            source = one.source
            arrivals = inlet.arrivals(of: source, table, pending: waiting[UInt32(source)] ?? [])
          }
          table.forEachChange(of: one.place, source, arrivals: arrivals, after: after, until: end) { time, weight in
            note(weight, of: i, position, at: projection.clock.time(time))
          }
        }
      }
    }
    sort(from: first)
  }

  /// Brings what is still to be told at the end of a run.
  func finish(_ network: CompiledNetwork, at end: Time) {
    let projection = network.plastic[selection.projection]
    let first = changes.count
    for (i, inlet) in projection.inlets.enumerated() where hasBegun {
      if case .delays(let table) = inlet.synapses {
        note(table.lastChanges(until: projection.clock.moment(end)), of: i, projection.clock)
      }
    }
    sort(from: first)
  }

  /// Several changes of a synapse at one moment stay in their order.
  private func sort(from first: Int) {
    let order = changes.indices[first...].sorted {
      (changes[$0].time, changes[$0].number, $0) < (changes[$1].time, changes[$1].number, $1)
    }
    changes[first...] = ArraySlice(order.map { changes[$0] })
  }

  /// Notes the selected synapses as they are at ``SynapseSelection/from``.
  private func begin(_ network: CompiledNetwork, _ board: SpikeBoard) {
    hasBegun = true
    let projection = network.plastic[selection.projection]
    selection.forEach(at: selection.from, network, board) { number, synapse in
      changes.append(Change(time: selection.from, number: UInt32(number), value: selection.variable.value(synapse)))
    }
    watched = projection.inlets.map { _ in [] }
    var number = 0
    var next = 0
    var value = 0
    latest = projection.inlets.map { _ in [] }
    for source in 0..<(projection.inlets.first?.table.sources ?? 0) {
      for (i, inlet) in projection.inlets.enumerated() {
        for place in inlet.table.row(source) {
          defer { number += 1 }
          if let synapses = selection.synapses {
            guard next < synapses.count, synapses[next] == number else { continue }
            next += 1
          }
          watched[i].append(Watched(number: number, source: source, place: place))
          latest[i].append(changes[value].value)
          value += 1
        }
      }
    }
    findPositions()
    for (i, inlet) in projection.inlets.enumerated() {
      if case .delays(let table) = inlet.synapses { table.watch(watched[i].map(\.place)) }
    }
  }

  private func findPositions() {
    positions = watched.map { all in
      Dictionary(all.enumerated().map { (UInt32(truncatingIfNeeded: $0.element.place), $0.offset) }) { first, _ in first }
    }
  }

  private func note(_ found: [DelayChange], of inlet: Int, _ clock: TickClock) {
    for change in found {
      guard let position = positions[inlet][change.place] else { continue }
      let value = selection.variable == .weight ? change.weight : change.delay
      note(value, of: inlet, position, at: clock.time(change.time))
    }
  }

  private func note(_ value: Double, of inlet: Int, _ position: Int, at time: Time) {
    guard value != latest[inlet][position] else { return }
    latest[inlet][position] = value
    guard time > selection.from && time <= selection.to else { return }
    changes.append(Change(time: time, number: UInt32(watched[inlet][position].number), value: value))
  }
}
