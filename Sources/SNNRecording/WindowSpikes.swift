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

/// All spikes of one window, which is what every recorder is handed.
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
    var all: [PopulationSpike] = []
    all.reserveCapacity(populations.reduce(0) { $0 + $1.count })
    for (population, spikes) in populations.enumerated() {
      for spike in spikes { all.append(PopulationSpike(time: spike.time, population: UInt32(population), id: spike.id)) }
    }
    // The sort finds the ordered runs of the populations and merges them.
    if populations.count > 1 { all.sort() }
    return all
  }
}

/// Takes the spikes of a run, window after window.
public protocol SpikeSink: AnyObject {
  func take(_ spikes: WindowSpikes) throws
  /// Brings everything taken so far to the disk, where it stays even if the program goes on.
  func flush() throws
  /// Completes the output and gives it its name. Also called when a run is interrupted: what was taken so far is then complete.
  func close() throws
}
