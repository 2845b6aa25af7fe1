/// The places of the synapses onto each neuron of a chunk, ascending.
final class SynapseColumnIndex {
  let starts: UnsafePointer<UInt32>
  let places: UnsafePointer<UInt32>
  private let startBuffer: AlignedBuffer<UInt32>
  private let placeBuffer: AlignedBuffer<UInt32>

  init(_ table: SynapseTable) {
    let neurons = table.targetRange.count
    startBuffer = AlignedBuffer(count: neurons + 1)
    placeBuffer = AlignedBuffer(count: table.count)
    for place in 0..<table.count { startBuffer[Int(table.targets[place]) + 1] += 1 }
    for neuron in 0..<neurons { startBuffer[neuron + 1] += startBuffer[neuron] }
    let next = AlignedBuffer<UInt32>(count: neurons)
    next.pointer.update(from: startBuffer.pointer, count: neurons)
    for place in 0..<table.count {
      let neuron = Int(table.targets[place])
      placeBuffer[Int(next[neuron])] = UInt32(place)
      next[neuron] += 1
    }
    starts = UnsafePointer(startBuffer.pointer)
    places = UnsafePointer(placeBuffer.pointer)
  }

  var byteCount: Int { startBuffer.byteCount + placeBuffer.byteCount }

  /// The places of the synapses onto `neuron`.
  subscript(_ neuron: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: places + Int(starts[neuron]), count: Int(starts[neuron + 1] - starts[neuron]))
  }
}
