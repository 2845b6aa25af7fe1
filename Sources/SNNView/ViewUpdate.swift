import SNNSignals

/// What a viewer is told: each case is one message to every browser.
public enum ViewUpdate: Sendable {
  /// Another run begins, or more is known of the present one.
  case run(ViewedRun)
  case status(ViewStatus)
  case spikes(SpikeBatch)
  /// Rates as a stream sends them, for a population without spikes: in Hz, each of the `bin` ms that end at its time.
  case rates(population: Int, bin: Double, times: [Double], values: [Double])
  case weights(WeightHistogram)
  /// Something was lost between these times, in ms.
  case gap(from: Double, to: Double)
  /// A sentence for the person at the browser, such as why a button had no effect.
  case notice(String)
}

/// A run as far as a viewer needs to know it.
public struct ViewedRun: Sendable {
  public struct Population: Sendable {
    public var name: String
    public var size: Int
    public var model: String?

    public init(name: String, size: Int, model: String? = nil) {
      self.name = name
      self.size = size
      self.model = model
    }
  }
  public enum Mode: String, Sendable { case live, replay }

  /// Tells runs apart; the page forgets what it has when another one comes.
  public var id: String
  public var name: String
  public var mode: Mode
  public var populations: [Population]

  public init(id: String, name: String, mode: Mode, populations: [Population]) {
    self.id = id
    self.name = name
    self.mode = mode
    self.populations = populations
  }

  var message: JSONText {
    [
      "type": "run", "run": .text(id), "name": .text(name), "mode": .text(mode.rawValue),
      "populations": .array(
        populations.map { ["name": .text($0.name), "size": .integer($0.size), "model": JSONText($0.model)] }),
    ]
  }
}

/// How the run stands.
public struct ViewStatus: Sendable, Equatable {
  public enum State: String, Sendable { case waiting, running, paused, ended }

  public var state: State
  /// How it ended, where that is not simply by being done.
  public var detail: String?
  /// The endpoint or the results directory.
  public var source: String
  /// Simulated, in ms.
  public var time = 0.0
  /// Of the whole run, in ms, where known.
  public var duration: Double?
  /// Wall seconds for each simulated second, over the last seconds.
  public var factor: Double?
  /// Spikes that did not arrive here.
  public var lost: UInt64 = 0
  /// Spikes that the simulation could not send.
  public var dropped: UInt64 = 0

  public init(_ state: State, source: String) {
    self.state = state
    self.source = source
  }

  var message: JSONText {
    [
      "type": "status", "state": .text(state.rawValue), "detail": JSONText(detail), "source": .text(source),
      "time": .number(time), "duration": JSONText(duration), "factor": JSONText(factor), "lost": .unsigned(lost),
      "dropped": .unsigned(dropped),
    ]
  }
}

/// What the person at the browser wants.
public enum ViewRequest: String, Sendable {
  case pause, resume, stop
  /// A replay, from its beginning.
  case restart
}
