import Foundation

/// Learned delays in the plainest way, from the equations of the rules' pages: for one neuron, whatever happens next is looked
/// for among everything that is still to happen, and done. No windows, no tables. Times are whole numbers of a tick.
struct DelaysByHand {
  enum Rule {
    case shift(eta: Double, sigma: Double, s0: Double, window: Double, keepsMean: Bool)
    case stdp(plus: Double, minus: Double, sigmaPlus: Double, sigmaMinus: Double, floor: Double)
  }
  private enum Event: Int { case sent, arrival, spike, closing }
  let rule: Rule
  /// ms.
  let tick: Double
  let range: ClosedRange<Double>
  private(set) var delays: [Double]
  private var arrivals: [Int?]
  private var proposals: [Double?]
  private var lastSpike: Int?
  private var openedAt: Int?

  init(_ rule: Rule, tick: Double, range: ClosedRange<Double>, delays: [Double]) {
    self.rule = rule
    self.tick = tick
    self.range = range
    self.delays = delays.map { min(max($0, range.lowerBound), range.upperBound) }
    arrivals = delays.map { _ in nil }
    proposals = delays.map { _ in nil }
  }

  /// - Parameters:
  ///   - sent: when each synapse's source spikes.
  ///   - spikes: of the neuron.
  mutating func run(sent: [[Int]], spikes: [Int], until end: Int) {
    var pending: [(time: Int, event: Event, synapse: Int)] = spikes.map { ($0, .spike, 0) }
    for (synapse, times) in sent.enumerated() { pending += times.map { ($0, .sent, synapse) } }
    while let next = pending.indices.min(by: {
      (pending[$0].time, pending[$0].event.rawValue, pending[$0].synapse)
        < (pending[$1].time, pending[$1].event.rawValue, pending[$1].synapse)
    }) {
      let (time, event, synapse) = pending.remove(at: next)
      if time > end { continue }
      switch event {
      case .sent: pending.append((time + Int((delays[synapse] / tick).rounded()), .arrival, synapse))
      case .arrival: arrive(synapse, time)
      case .spike:
        settle()
        spike(time)
        if case .shift(_, _, _, let window, _) = rule { pending.append((time + Int((window / tick).rounded()), .closing, time)) }
      case .closing: if openedAt == synapse { settle() }
      }
    }
  }

  private var isGuarded: Bool {
    if case .stdp(_, _, _, _, let floor) = rule { delays.contains { $0 < floor } } else { false }
  }

  private mutating func arrive(_ synapse: Int, _ time: Int) {
    arrivals[synapse] = time
    guard let lastSpike, !isGuarded else { return }
    let s = Double(lastSpike - time) * tick
    switch rule {
    case .shift: if openedAt != nil { propose(synapse, s) }
    case .stdp(let plus, _, let sigma, _, _): move(synapse, plus * exp(s / sigma))
    }
  }

  private mutating func spike(_ time: Int) {
    lastSpike = time
    let isGuarded = isGuarded
    for synapse in delays.indices where arrivals[synapse] != nil && !isGuarded {
      let s = Double(time - arrivals[synapse]!) * tick
      switch rule {
      case .shift(_, _, _, let window, _): if s <= window + tick / 2 { propose(synapse, s) }
      case .stdp(_, let minus, _, let sigma, _): move(synapse, -minus * exp(-s / sigma))
      }
    }
    if case .shift = rule { openedAt = time }
  }

  private mutating func propose(_ synapse: Int, _ s: Double) {
    guard case .shift(let eta, let sigma, let s0, _, _) = rule else { return }
    proposals[synapse] = (proposals[synapse] ?? 0) + eta * (s - s0) * exp(-abs(s - s0) / sigma)
  }

  private mutating func settle() {
    openedAt = nil
    guard case .shift(_, _, _, _, let keepsMean) = rule else { return }
    let all = proposals.compactMap { $0 }
    let mean = keepsMean || all.isEmpty ? 0 : all.reduce(0, +) / Double(all.count)
    for (synapse, proposal) in proposals.enumerated() {
      if let proposal { move(synapse, proposal - mean) }
      proposals[synapse] = nil
    }
  }

  private mutating func move(_ synapse: Int, _ change: Double) {
    delays[synapse] = min(max(delays[synapse] + change, range.lowerBound), range.upperBound)
  }
}
