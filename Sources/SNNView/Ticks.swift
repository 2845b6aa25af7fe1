#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension ContinuousClock {
  /// Waits for 20 ms, the time between two batches: 50 a second are smooth, and few enough for any browser.
  func sleep() { usleep(20_000) }
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
