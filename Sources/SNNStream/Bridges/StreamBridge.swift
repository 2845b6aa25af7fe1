import SNNSignals

/// Another program's framing of what is streamed, on an endpoint of its own. Made and bound by one thread, then used by the one
/// that owns the sockets.
protocol StreamBridge: AnyObject {
  /// For the status and `end/`.
  var name: String { get }
  /// To wait for, where the other program may ask something.
  var socket: ZMQSocket? { get }
  /// Spikes of a population, in the order of time.
  func take(_ spikes: UnsafeBufferPointer<Spike>, of population: StreamPlan.Population, wall: UInt64)
  /// The rate of a population, Hz per neuron, in the bin that ends at `time`.
  func take(rate: Double, of population: StreamPlan.Population, at time: Time, wall: UInt64)
  /// Called some hundred times a second.
  func flush(_ now: UInt64, _ time: Time, dropped: UInt64)
  func serve()
  func close()
  /// How much was sent, and left out because the other program could not take it.
  var summary: JSONText { get }
}

extension StreamSettings {
  /// - Parameter hint: what else than keeping it local would help.
  func checkReach(of endpoint: StreamEndpoint, isProtected: Bool, hint: String) throws(StreamError) {
    guard !endpoint.isLocal, !isProtected, !isInsecureAllowed else { return }
    throw StreamError(
      "\(endpoint) can be reached from other machines, and anybody there could read this run", cause: .output, hint: hint)
  }
}
