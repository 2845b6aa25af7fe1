import SNNSignals

/// Which neurons and spikes a raster draws when there are more than `limit` spikes.
///
/// Whole neurons are left out, evenly: of k neurons drawn out of n, one comes from each of k equal ranges of ids, drawn by Philox from
/// the run's seed. When one neuron a population is still too much, every m-th spike of those is drawn.
struct RasterSelection {
  /// Per population, for each neuron, whether it is drawn.
  private(set) var drawn: [[Bool]]
  /// Every so many spikes of a drawn neuron.
  private(set) var every = 1
  private(set) var points = 0

  init(_ populations: [PopulationSpikes], limit: Int, seed: UInt64) {
    drawn = populations.map { [Bool](repeating: true, count: $0.size) }
    points = populations.reduce(0) { $0 + $1.times.count }
    var fraction = 1.0
    while points > limit, drawn.contains(where: { $0.count(where: \.self) > 1 }) {
      // Neurons differ in rate, so a first guess may still be too many: then 5 % fewer than proportion says.
      fraction *= Double(limit) / Double(points) * (fraction < 1 ? 0.95 : 1)
      drawn = populations.map { Self.spread($0, fraction: fraction, seed: seed) }
      points = zip(populations, drawn).reduce(0) { sum, pair in sum + pair.0.ids.count { pair.1[Int($0)] } }
    }
    if points > limit {
      every = (points + limit - 1) / max(limit, 1)
      points = zip(populations, drawn).reduce(0) { sum, pair in
        sum + (pair.0.ids.count { pair.1[Int($0)] } + every - 1) / every
      }
    }
  }

  private static func spread(_ population: PopulationSpikes, fraction: Double, seed: UInt64) -> [Bool] {
    var drawn = [Bool](repeating: false, count: population.size)
    let kept = min(population.size, max(1, Int(Double(population.size) * fraction)))
    let stream = RandomStream(seed: seed, purpose: .recordFraction, entity: entityHash(population.name))
    for i in 0..<kept {
      let low = i * population.size / kept
      let high = (i + 1) * population.size / kept
      drawn[low + Int(stream.uniform(index: UInt64(i), draw: 1) * Double(high - low))] = true
    }
    return drawn
  }

  var neurons: Int { drawn.reduce(0) { $0 + $1.count(where: \.self) } }

  /// The spikes of a population that are drawn, in the order of time.
  func spikes(of population: PopulationSpikes, at index: Int) -> [(time: Double, id: UInt32)] {
    let chosen = zip(population.times, population.ids).filter { drawn[index][Int($0.1)] }.map { (time: $0.0, id: $0.1) }
    let ordered = chosen.sorted { $0 < $1 }
    return every == 1 ? ordered : stride(from: 0, to: ordered.count, by: every).map { ordered[$0] }
  }

  /// What a caption says about it; empty when everything is drawn.
  func remark(total: Int, neurons all: Int) -> String? {
    guard points < total else { return nil }
    let start = "\(groupedNumber(points)) of \(groupedNumber(total)) spikes drawn: "
    return start + "\(groupedNumber(neurons)) of \(groupedNumber(all)) neurons, evenly thinned"
      + (every > 1 ? ", one spike in \(every)" : "")
  }
}
