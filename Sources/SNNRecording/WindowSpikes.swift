import SNNSignals

/// A spike and the population it belongs to, by its position in the network file.
public struct PopulationSpike: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var time: Time
  public var population: UInt32
  public var id: UInt32

  public init(time: Time, population: UInt32, id: UInt32) {
    self.time = time
    self.population = population
    self.id = id
  }

  /// The total order of the spikes of a run: by time, then population, then id.
  public static func < (a: PopulationSpike, b: PopulationSpike) -> Bool {
    if a.time != b.time { return a.time < b.time }
    return a.population == b.population ? a.id < b.id : a.population < b.population
  }
}

/// All spikes of one window or several in succession, which is what every recorder is handed.
public struct WindowSpikes: Sendable {
  public let window: Window
  /// One list per population, each in the order (time, id).
  public let populations: [[Spike]]

  /// Each list must be in the order (time, id).
  public init(window: Window, populations: [[Spike]]) {
    self.window = window
    self.populations = populations
    assert(populations.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 <= $1 } }, "spikes of a population come in order")
  }

  public var isEmpty: Bool { populations.allSatisfy(\.isEmpty) }

  /// The same spikes in the order (time, population, id). Merged anew at each call: ask once.
  public var ordered: [PopulationSpike] {
    let filled = populations.indices.filter { !populations[$0].isEmpty }
    var all: [PopulationSpike] = []
    let total = filled.reduce(0) { $0 + populations[$1].count }
    all.reserveCapacity(total)
    var next = filled.map { _ in 0 }
    // Spikes on the grid share few times: for each, what every population has of it.
    while all.count < total {
      var time = Time.never
      for (n, p) in filled.enumerated() where next[n] < populations[p].count { time = min(time, populations[p][next[n]].time) }
      for (n, p) in filled.enumerated() {
        while next[n] < populations[p].count && populations[p][next[n]].time == time {
          all.append(PopulationSpike(time: time, population: UInt32(p), id: populations[p][next[n]].id))
          next[n] += 1
        }
      }
    }
    return all
  }
}

/// Takes the spikes of a run, window after window.
public protocol SpikeSink: Checkpointed {
  func take(_ spikes: WindowSpikes) throws
  /// Brings everything taken so far to the disk, where it stays even if the program goes on.
  func flush() throws
  /// Completes the output and gives it its name. Also called when a run is interrupted: what was taken so far is then complete.
  /// The last call.
  func close() throws
}
