import SNNRecording

extension LoadedNetwork {
  /// Simulates the network, or trains what its section `train` says.
  ///
  /// - Parameter shouldStop: asked often; when true the run ends early with everything so far written.
  public func run(
    _ settings: RunSettings, shouldStop: @escaping () -> Bool = { false }
  ) throws -> (report: RunReport, end: RunEnd) {
    if let training { return try Training(self, training, settings: settings).run(shouldStop: shouldStop) }
    return try Simulation(self, settings: settings).run(shouldStop: shouldStop)
  }

  /// The seed of a simulation, or of a training.
  public var seed: UInt64 { file.train?.seed ?? file.run.seed }
}
