/// The weights or delays of a projection at one moment.
public struct SynapseValues: Sendable {
  public var projection: String
  public var values: [Double]

  public init(projection: String, values: [Double]) {
    self.projection = projection
    self.values = values
  }
}

/// How the weights or delays of a projection change over time: the values that 10, 50 and 90 of a hundred synapses do not exceed.
public struct SynapseCourse: Sendable, Equatable {
  public var projection: String
  /// ms.
  public private(set) var times: [Double]
  public private(set) var low: [Double] = []
  public private(set) var middle: [Double] = []
  public private(set) var high: [Double] = []

  /// - Parameter samples: all synapses at each time, row after row.
  public init(_ projection: String, times: [Double], samples: [Double]) {
    self.projection = projection
    self.times = times
    let width = samples.count / max(1, times.count)
    for row in times.indices { add(samples[row * width..<(row + 1) * width].sorted()) }
  }

  /// From every change, at 200 moments of a run of `duration` ms.
  public init(_ projection: String, changes: [Double], ids: [UInt32], values: [Double], duration: Double) {
    self.projection = projection
    let first = changes.first ?? 0
    times = changes.isEmpty ? [] : (0...200).map { first + (duration - first) * Double($0) / 200 }
    var latest: [UInt32: Double] = [:]
    var next = 0
    for time in times {
      while next < changes.count && changes[next] <= time {
        latest[ids[next]] = values[next]
        next += 1
      }
      add(latest.values.sorted())
    }
  }

  /// - Parameter counts: how many synapses lie in each bin at each time, row after row. A value is taken to be in the middle of
  ///   its bin.
  public init(_ projection: String, times: [Double], edges: [Double], counts: [Double]) {
    self.projection = projection
    self.times = times
    let bins = edges.count - 1
    for row in times.indices {
      let counts = counts[row * bins..<(row + 1) * bins]
      let total = counts.reduce(0, +)
      func quantile(_ part: Double) -> Double {
        var sum = 0.0
        let bin = counts.firstIndex { count in
          sum += count
          return count > 0 && sum >= part * total
        }
        return bin.map { (edges[$0 - counts.startIndex] + edges[$0 - counts.startIndex + 1]) / 2 } ?? .nan
      }
      (low, middle, high) = (low + [quantile(0.1)], middle + [quantile(0.5)], high + [quantile(0.9)])
    }
  }

  private mutating func add(_ sorted: [Double]) {
    func quantile(_ part: Double) -> Double {
      sorted.isEmpty ? .nan : sorted[max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
    }
    low.append(quantile(0.1))
    middle.append(quantile(0.5))
    high.append(quantile(0.9))
  }
}
