import Foundation
import SNNDynamics
import SNNSignals

/// An independent Poisson train onto each neuron of a population, as NEST's `poisson_generator`.
public struct PoissonDrive: Sendable {
  public var rate: Rate
  /// One for all, or one per neuron of the population.
  public var weights: [Double]
  public var receptor: Receptor
  public var delay: Time
  /// Spikes are emitted in (start, stop].
  public var start: Time
  public var stop: Time
  /// Which neurons of the population are driven; nil for all.
  public var members: Set<UInt32>?
  public var stream: RandomStream

  public init(
    rate: Rate, weights: [Double], receptor: Receptor, delay: Time, start: Time, stop: Time, members: Set<UInt32>?,
    stream: RandomStream
  ) {
    self.rate = rate
    self.weights = weights
    self.receptor = receptor
    self.delay = delay
    self.start = start
    self.stop = stop
    self.members = members
    self.stream = stream
  }

  @inline(__always) func weight(_ neuron: Int) -> Double { weights.count == 1 ? weights[0] : weights[neuron] }
  func drives(_ neuron: Int) -> Bool { members?.contains(UInt32(neuron)) ?? true }
}

/// A drive as one grid chunk draws it: the number of spikes of each neuron and step, keyed by (neuron, step).
final class GridPoisson: @unchecked Sendable {
  // @unchecked: used by its chunk's task only.
  private let drive: PoissonDrive
  private let neurons: Range<Int>
  private let step: Time
  private let delaySteps: Int
  private let uniform: Bool
  private let driven: [Bool]
  private var table: PoissonTable?

  init(_ drive: PoissonDrive, neurons: Range<Int>, step: Time) {
    self.drive = drive
    self.neurons = neurons
    self.step = step
    delaySteps = drive.delay.stepsNearest(step)
    driven = neurons.map(drive.drives)
    if case .each = drive.rate { uniform = false } else { uniform = drive.weights.count == 1 && drive.members == nil }
  }

  /// Adds what arrives at the ends of the steps `first ..< end` to `rows`.
  func add(steps first: Int, _ end: Int, to rows: InputRows) {
    for arrival in first..<end {
      let emission = arrival - delaySteps
      let time = step * emission
      guard emission > 0, time > drive.start, time <= drive.stop else { continue }
      let row = rows.row(arrival, drive.receptor)
      let mean = drive.rate.value(0, at: time) * step.milliseconds / 1000
      if uniform, mean == 0 { continue }
      if uniform, mean >= PoissonTable.smallestMean, mean <= PoissonTable.largestMean {
        if table?.mean != mean { table = PoissonTable(mean: mean, weight: drive.weights[0]) }
        addUniform(table!, draw: UInt64(emission), blocks: rows.blocks, to: row)
      } else {
        addEach(time, draw: UInt64(emission), to: row)
      }
    }
  }

  /// All neurons with one mean: 32 words at a time. Chunks begin at multiples of 32.
  private func addUniform(_ table: PoissonTable, draw: UInt64, blocks: Int, to row: UnsafeMutablePointer<Double>) {
    let sums = UnsafeMutableRawPointer(row).assumingMemoryBound(to: Lanes.self)
    let first = UInt64(neurons.lowerBound / 32 * 8)
    Philox.withRoundKeys(of: drive.stream.key) { keys in
      var block = 0
      while block < blocks {
        let words = PhiloxLanes.words(index: first &+ UInt64(block &* 2), draw: draw, keys: keys)
        table.add(words, to: sums + block, blocks: blocks &- block)
        block &+= 4
      }
    }
  }

  /// Means that differ, or too small or large for a table: one neuron at a time by ``poissonNumber``.
  private func addEach(_ time: Time, draw: UInt64, to row: UnsafeMutablePointer<Double>) {
    for i in 0..<neurons.count where driven[i] {
      let neuron = neurons.lowerBound + i
      let mean = drive.rate.value(neuron, at: time) * step.milliseconds / 1000
      let number = poissonNumber(mean: mean, stream: drive.stream, index: UInt64(neuron), draw: draw)
      if number > 0 { row[i] += drive.weight(neuron) * Double(number) }
    }
  }
}

/// A Poisson number of any mean from 53-bit uniforms, keyed by (index, draw): sequential inversion, for large means as the
/// sum of independent numbers of mean 16 or less, each with a key of its own.
func poissonNumber(mean: Double, stream: RandomStream, index: UInt64, draw: UInt64) -> Int {
  guard mean > 0 else { return 0 }
  let parts = max(1, Int((mean / 16).rounded(.up)))
  let each = mean / Double(parts)
  var total = 0
  for part in 0..<parts {
    // Bit 63 keeps these keys apart from those of the vector path; parts count in the bits above any neuron number.
    let u = stream.uniform(index: 1 << 63 | UInt64(part) << 40 | index, draw: draw)
    var k = 0
    var p = exp(-each)
    var cumulated = p
    while u > cumulated && k < 200 {
      k += 1
      p *= each / Double(k)
      cumulated += p
    }
    total += k
  }
  return total
}
