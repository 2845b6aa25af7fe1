import SNNSignals
import SNNStream

/// Shows the simulation that streams at an endpoint, and whichever comes there after it.
///
/// One thread calls ``run(into:until:)``.
public final class LiveFeed {
  private let endpoint: String
  private let keys: StreamKeys?
  private let subscriber: StreamSubscriber
  private var run: LiveRun
  private let clock = ContinuousClock()

  /// - Parameter endpoint: that of the stream; its control socket is on the next port.
  public init(_ endpoint: String, keys: StreamKeys? = nil) throws(StreamError) {
    self.endpoint = endpoint
    self.keys = keys
    run = LiveRun(source: endpoint)
    subscriber = try StreamSubscriber(
      endpoint, topics: ["spikes/", "rate/", "weights/", "clock/", "meta/", "end/"], keys: keys)
  }

  /// Shows until `isOver` says so, which is asked every 20 ms. An ended run and one that falls silent are waited upon.
  public func run(into server: ViewServer, until isOver: () -> Bool) throws(StreamError) {
    while !isOver() {
      for request in server.takeRequests() { carryOut(request, server) }
      let begun = clock.now
      while case let passed = (clock.now - begun).milliseconds, passed < 20,
        let message = try subscriber.next(timeout: Int(20 - passed) + 1)
      {
        run.take(message, losses: subscriber.losses)
      }
      run.flush(at: clock.now) { server.post($0) }
    }
  }

  private func carryOut(_ request: ViewRequest, _ server: ViewServer) {
    guard request != .restart else { return }
    do {
      // A socket for each request, so that one which nobody answers does not stand before the next.
      let reply = try StreamRemote(endpoint, keys: keys).request(request.rawValue, timeout: 500)
      if let error = reply["error"]?.text { return server.post(.notice(error)) }
      run.isPaused = [.pause: true, .resume: false][request] ?? run.isPaused
    } catch {
      server.post(.notice("The simulation does not answer: \(error.problem)."))
    }
  }
}
