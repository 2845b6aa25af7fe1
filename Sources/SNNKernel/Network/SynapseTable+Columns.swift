import SNNSignals

/// The weights of a table under construction, with the memory they live in.
struct WeightColumn: ~Copyable {
  var view: SynapseTable.Weights
  var block: AlignedBlock?

  init(shared: Double) {
    view = .shared(shared)
    block = nil
  }
  init(individual: consuming AlignedBlock) {
    view = .individual(UnsafePointer(individual.elements(of: Float.self)))
    block = consume individual
  }
  consuming func takeBlock() -> AlignedBlock? { block }
}

/// The delays of a table under construction, with their extremes and the memory they live in.
struct DelayColumn: ~Copyable {
  var view: SynapseTable.Delays
  var minimum: Time
  var maximum: Time
  var block: AlignedBlock?

  init(_ view: SynapseTable.Delays, minimum: Time, maximum: Time, block: consuming AlignedBlock? = nil) {
    self.view = view
    self.minimum = minimum
    self.maximum = maximum
    self.block = block
  }
  consuming func takeBlock() -> AlignedBlock? { block }
}
