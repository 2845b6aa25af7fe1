import SNNSignals

extension SynapseTable {
  /// Gives each synapse the source that `rewired` has for it and puts the rows into order again, in the same memory; between
  /// windows, or by the only task that reads the table. A synapse keeps its target and its delay.
  ///
  /// - Parameter columns: of this table as it is.
  /// - Returns: by new place, the old one.
  func rewire(_ rewired: RewiredSources, _ columns: SynapseColumnIndex) -> AlignedBuffer<UInt32> {
    let starts = UnsafeMutablePointer(mutating: rowStarts)
    starts.update(repeating: 0, count: sources + 1)
    for place in 0..<count { starts[Int(rewired.sources[place]) + 1] += 1 }
    for source in 0..<sources { starts[source + 1] += starts[source] }
    let next = AlignedBuffer<UInt32>(count: sources)
    next.pointer.update(from: rowStarts, count: sources)
    let order = AlignedBuffer<UInt32>(count: count)
    // Target by target, so that targets ascend within each row.
    for target in 0..<targetRange.count {
      for place in columns[target] {
        let source = Int(rewired.sources[Int(place)])
        order[Int(next[source])] = place
        next[source] += 1
      }
    }
    Self.arrange(targets, order)
    switch delays {
    case .sharedSteps, .sharedTime: break
    case .groups: preconditionFailure("rows sorted by delay are not rewired")
    case .byteSteps(let steps): Self.arrange(steps, order)
    case .shortSteps(let steps): Self.arrange(steps, order)
    case .times(let counts, _): Self.arrange(counts, order)
    }
    return order
  }

  /// The rows of a table that was rewired: what else a table holds is made with the network.
  func passRows(through state: StateTransfer) throws {
    try state.buffer(UnsafeMutablePointer(mutating: rowStarts), count: sources + 1)
    let ascends = rowStarts[0] == 0 && (0..<sources).allSatisfy { rowStarts[$0] <= rowStarts[$0 + 1] }
    try state.require(ascends && rowStarts[sources] == count, "has rows that can't be")
    try state.buffer(UnsafeMutablePointer(mutating: targets), count: count)
    let neurons = targetRange.count
    try state.require((0..<count).allSatisfy { targets[$0] < neurons }, "has a synapse onto a neuron that there is not")
    switch delays {
    case .sharedSteps, .sharedTime: break
    case .groups: preconditionFailure("rows sorted by delay are not rewired")
    case .byteSteps(let steps): try state.buffer(UnsafeMutablePointer(mutating: steps), count: count)
    case .shortSteps(let steps): try state.buffer(UnsafeMutablePointer(mutating: steps), count: count)
    case .times(let counts, _): try state.buffer(UnsafeMutablePointer(mutating: counts), count: count)
    }
  }

  private static func arrange<Value: BitwiseCopyable>(_ column: UnsafePointer<Value>, _ order: AlignedBuffer<UInt32>) {
    let old = AlignedBuffer<Value>(count: order.count)
    old.pointer.update(from: column, count: order.count)
    let column = UnsafeMutablePointer(mutating: column)
    for place in 0..<order.count { column[place] = old[Int(order[place])] }
  }
}
