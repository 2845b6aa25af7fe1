/// The recorded spikes of one population.
public struct PopulationSpikes: Sendable {
  public let name: String
  /// Number of neurons recorded from, silent ones included.
  public let size: Int
  /// Spike times, ms.
  public let times: [Double]
  /// The neuron of each spike, counted from 0.
  public let ids: [UInt32]

  /// - Throws: ``AnalysisError`` when the arrays differ in length, an id is not below `size`, or a time is not finite.
  public init(name: String, size: Int, times: [Double], ids: [UInt32]) throws(AnalysisError) {
    guard size >= 0 else { throw AnalysisError(subject: name, problem: "a population cannot have the size \(size)") }
    guard times.count == ids.count else {
      throw AnalysisError(subject: name, problem: "has \(times.count) spike times but \(ids.count) ids")
    }
    if let id = ids.max(), id >= size {
      throw AnalysisError(
        subject: name, problem: "neuron \(id) spiked, but the size is \(size)", hint: "ids count from 0 within a population")
    }
    if let time = times.first(where: { !$0.isFinite }) {
      throw AnalysisError(subject: name, problem: "\(time) is not a spike time")
    }
    self.name = name
    self.size = size
    self.times = times
    self.ids = ids
  }

  /// One ascending train of times for each neuron, empty ones included; spikes outside `window` are left out.
  /// Both ends belong to the window, as they do in Neo.
  public func trains(within window: ClosedRange<Double>) -> [[Double]] {
    var counts = [Int](repeating: 0, count: size)
    for (time, id) in zip(times, ids) where window.contains(time) { counts[Int(id)] += 1 }
    var trains = counts.map { count in
      var train: [Double] = []
      train.reserveCapacity(count)
      return train
    }
    for (time, id) in zip(times, ids) where window.contains(time) { trains[Int(id)].append(time) }
    for i in trains.indices where !zip(trains[i], trains[i].dropFirst()).allSatisfy({ $0 <= $1 }) { trains[i].sort() }
    return trains
  }
}
