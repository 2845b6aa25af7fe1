import CPrimitives
import SNNSignals

/// How a delivery loop reads weights; one loop is compiled for each.
private protocol WeightReader { func weight(_ place: Int) -> Double }
private struct SharedWeight: WeightReader {
  let value: Double
  @inline(__always) func weight(_ place: Int) -> Double { value }
}
private struct OwnWeights: WeightReader {
  let values: UnsafePointer<Float>
  @inline(__always) func weight(_ place: Int) -> Double { Double(values[place]) }
}

/// How a delivery loop reads delays in steps; one loop is compiled for each.
private protocol StepReader {
  static var isShared: Bool { get }
  func steps(_ place: Int) -> Int
}
private struct SharedSteps: StepReader {
  static var isShared: Bool { true }
  let value: Int
  @inline(__always) func steps(_ place: Int) -> Int { value }
}
private struct OwnSteps<Count: FixedWidthInteger & UnsignedInteger>: StepReader {
  static var isShared: Bool { false }
  let values: UnsafePointer<Count>
  @inline(__always) func steps(_ place: Int) -> Int { Int(truncatingIfNeeded: values[place]) }
}

extension SynapseTable {
  /// Adds the weights of all synapses of the spiking sources to the rows of `ring` in which they act.
  ///
  /// - Parameters:
  ///   - ring: `rowMask + 1` rows of `rowLength` sums, one row per step.
  func deliver(_ packet: SpikePacket, into ring: UnsafeMutablePointer<Double>, rowMask: Int, rowLength: Int) {
    switch weights {
    case .shared(let value):
      deliver(packet, SharedWeight(value: value), ring, rowMask, rowLength)
    case .individual(let values):
      deliver(packet, OwnWeights(values: values), ring, rowMask, rowLength)
    }
  }

  @inline(__always)
  private func deliver<W: WeightReader>(
    _ packet: SpikePacket, _ weights: W, _ ring: UnsafeMutablePointer<Double>, _ rowMask: Int, _ rowLength: Int
  ) {
    switch delays {
    case .sharedSteps(let value):
      add(packet, weights, SharedSteps(value: value), ring, rowMask, rowLength)
    case .byteSteps(let values):
      add(packet, weights, OwnSteps(values: values), ring, rowMask, rowLength)
    case .shortSteps(let values):
      add(packet, weights, OwnSteps(values: values), ring, rowMask, rowLength)
    case .sharedTime, .times: preconditionFailure("a table with delays in picoseconds reached a grid chunk")
    }
  }

  /// Spikes looked ahead for prefetching: the row bounds of one, the targets of a nearer one. 16 and 6 with whole
  /// rows took 0.76 of the time of 8 and 4 with first lines in the whole Brunel run (one thread, medians of 5 pairs).
  private static var boundsAhead: Int { 16 }
  private static var rowsAhead: Int { 6 }

  @inline(__always)
  private func add<W: WeightReader, D: StepReader>(
    _ packet: SpikePacket, _ weights: W, _ delays: D, _ ring: UnsafeMutablePointer<Double>, _ rowMask: Int, _ rowLength: Int
  ) {
    packet.spikes.withUnsafeBufferPointer { spikes in
      packet.steps.withUnsafeBufferPointer { steps in
        for s in 0..<spikes.count {
          prefetch(spikes, s)
          let places = row(Int(spikes[s].id))
          let step = Int(steps[s])
          if D.isShared {
            let sums = ring + ((step &+ delays.steps(0)) & rowMask) &* rowLength
            for place in places { sums[Int(targets[place])] += weights.weight(place) }
          } else {
            for place in places {
              let r = (step &+ delays.steps(place)) & rowMask
              ring[r &* rowLength &+ Int(targets[place])] += weights.weight(place)
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func prefetch(_ spikes: UnsafeBufferPointer<Spike>, _ s: Int) {
    if s &+ Self.boundsAhead < spikes.count { primitive_prefetch(rowStarts + Int(spikes[s &+ Self.boundsAhead].id)) }
    if s &+ Self.rowsAhead < spikes.count {
      let row = row(Int(spikes[s &+ Self.rowsAhead].id))
      var line = row.lowerBound
      repeat {
        primitive_prefetch(targets + line)
        line &+= 32
      } while line < row.upperBound
    }
  }
}
