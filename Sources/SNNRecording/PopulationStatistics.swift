import SNNSignals

/// What the summary of a run says about one population.
public struct PopulationSummary: Sendable, Equatable {
  public var name: String
  public var size: Int
  public var spikes: Int
  /// Spikes per neuron and second of biological time, silent neurons included. `nil` when no time passed.
  public var meanRateHz: Double?
  /// Mean over neurons with at least two intervals of sd/mean of their interspike intervals. `nil` when there is none.
  ///
  /// The variance is the population variance (division by n), as in Elephant's `cv`, which is `scipy.stats.variation`.
  public var cvISI: Double?

  public init(name: String, size: Int, spikes: Int, meanRateHz: Double?, cvISI: Double?) {
    self.name = name
    self.size = size
    self.spikes = spikes
    self.meanRateHz = meanRateHz
    self.cvISI = cvISI
  }
}

/// Rates and irregularity of every population, kept up to date spike by spike: 32 bytes per neuron, whatever the length of the run.
///
/// Mean and variance of intervals by Welford (1962), doi:10.1080/00401706.1962.10490022.
public final class PopulationStatistics: SpikeSink {
  fileprivate struct Neuron: BitwiseCopyable {
    var last = Time.never
    var intervals = 0.0
    var mean = 0.0
    /// Sum of squared deviations from the mean.
    var deviation = 0.0
  }
  private var neurons: [[Neuron]]
  private var counts: [Int]

  /// - Parameter sizes: of the populations in the order of the network file.
  public init(sizes: [Int]) {
    neurons = sizes.map { Array(repeating: Neuron(), count: $0) }
    counts = Array(repeating: 0, count: sizes.count)
  }

  public func take(_ spikes: WindowSpikes) {
    for (population, list) in spikes.populations.enumerated() where !list.isEmpty {
      counts[population] += list.count
      neurons[population].withUnsafeMutableBufferPointer { neurons in
        for spike in list { neurons[Int(spike.id)].take(spike.time) }
      }
    }
  }
  public func flush() {}
  public func pass(through state: StateTransfer) throws {
    for population in neurons.indices { try state.values(&neurons[population]) }
    try state.values(&counts)
  }
  public func close() {}

  /// Spikes of each neuron of one population.
  public func spikeCounts(of population: Int) -> [Int] {
    neurons[population].map { $0.last == .never ? 0 : Int($0.intervals) + 1 }
  }

  /// Spikes of all populations.
  public var total: Int { counts.reduce(0, +) }

  /// - Parameter duration: of biological time, for the rate.
  public func summary(of population: Int, name: String, duration: Time) -> PopulationSummary {
    let size = neurons[population].count
    let seconds = duration.milliseconds / 1000
    let variations = neurons[population].lazy.compactMap(\.variation)
    let irregular = variations.reduce((sum: 0.0, count: 0)) { ($0.sum + $1, $0.count + 1) }
    return PopulationSummary(
      name: name, size: size, spikes: counts[population],
      meanRateHz: seconds > 0 && size > 0 ? Double(counts[population]) / Double(size) / seconds : nil,
      cvISI: irregular.count > 0 ? irregular.sum / Double(irregular.count) : nil)
  }
}

extension PopulationStatistics.Neuron {
  mutating func take(_ time: Time) {
    defer { last = time }
    guard last != .never else { return }
    let interval = (time - last).milliseconds
    intervals += 1
    let difference = interval - mean
    mean += difference / intervals
    deviation += difference * (interval - mean)
  }

  /// sd/mean of the intervals; `nil` for fewer than two, or when all are zero.
  var variation: Double? {
    guard intervals >= 2, mean > 0 else { return nil }
    return (deviation / intervals).squareRoot() / mean
  }
}
