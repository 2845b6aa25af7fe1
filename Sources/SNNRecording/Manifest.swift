import Foundation
import SNNSignals

/// `manifest.json` of a results directory: what ran, where, on what input, and how it ended.
public struct Manifest: Sendable, Equatable {
  public static let format = "snnsim-run/1"

  public enum Status: String, Sendable, Codable {
    /// Still running, or killed: the manifest is first written when a run starts.
    case running
    case done
    /// By a guard.
    case stopped
    case interrupted
    case failed
  }
  /// A file that the run depends on.
  public struct Input: Sendable, Equatable, Codable {
    public var path: String
    public var sha256: String
    public init(path: String, sha256: String) {
      self.path = path
      self.sha256 = sha256
    }
  }
  /// A number of an input that somebody set while the run went on.
  public struct LiveChange: Sendable, Equatable, Codable {
    /// Simulated, in ms, from which on it holds.
    public var time: Double
    public var path: String
    public var value: Double
    public init(time: Double, path: String, value: Double) {
      self.time = time
      self.path = path
      self.value = value
    }
  }
  /// Wall time in seconds.
  public struct WallTime: Sendable, Equatable {
    public var build: Double
    public var simulate: Double
    public var write: Double
    public init(build: Double = 0, simulate: Double = 0, write: Double = 0) {
      self.build = build
      self.simulate = simulate
      self.write = write
    }
  }
  public var status = Status.running
  public var name: String
  public var version: String
  public var gitHash: String?
  public var host: String
  public var operatingSystem: String
  public var threads: Int
  public var commandLine: [String]
  public var seed: UInt64
  public var inputs: [Input] = []
  /// ISO 8601 with time zone.
  public var started: String
  public var ended: String?
  public var wallTime = WallTime()
  /// Simulated, in ms.
  public var biologicalMs = 0.0
  public var neurons = 0
  public var synapses = 0
  public var spikes = 0
  public var populations: [PopulationSummary] = []
  /// The populations that the spike file holds.
  public var recordedPopulations: [String] = []
  public var spikeDigest: String?
  public var weightDigest: String?
  /// What was changed from outside: beyond the network file and the seed, results depend on it.
  public var liveChanges: [LiveChange] = []
  /// What a reader of the results should know, such as which guard stopped the run.
  public var notes: [String] = []

  public init(
    name: String, version: String, gitHash: String?, threads: Int, commandLine: [String], seed: UInt64, started: Date
  ) {
    self.name = name
    self.version = version
    self.gitHash = gitHash
    host = Self.hostName
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    self.threads = threads
    self.commandLine = commandLine
    self.seed = seed
    self.started = Self.text(of: started)
  }

  /// Asked from the system itself: Foundation's own way may wait for a name server.
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A moment as the manifest writes it.
  public static func text(of date: Date) -> String { date.formatted(.iso8601) }

  public var json: JSONText {
    [
      "format": .text(Self.format), "status": .text(status.rawValue), "name": .text(name), "version": .text(version),
      "git_hash": JSONText(gitHash), "host": .text(host), "os": .text(operatingSystem), "threads": .integer(threads),
      "command_line": .array(commandLine.map { .text($0) }), "seed": .unsigned(seed),
      "inputs": .array(inputs.map { ["path": .text($0.path), "sha256": .text($0.sha256)] }),
      "started": .text(started), "ended": JSONText(ended),
      "wall_s": ["build": .number(wallTime.build), "simulate": .number(wallTime.simulate), "write": .number(wallTime.write)],
      "biological_ms": .number(biologicalMs),
      "totals": ["neurons": .integer(neurons), "synapses": .integer(synapses), "spikes": .integer(spikes)],
      "populations": .array(populations.map(\.namedJSON)),
      "recorded_populations": .array(recordedPopulations.map { .text($0) }),
      "digests": ["spikes": JSONText(spikeDigest), "weights": JSONText(weightDigest)],
      "live_changes": .array(
        liveChanges.map { ["time": .number($0.time), "path": .text($0.path), "value": .number($0.value)] }),
      "notes": .array(notes.map { .text($0) }),
    ]
  }
}

extension PopulationSummary {
  /// As in `run --json`, where the name is the key.
  public var json: JSONText { .object(members) }

  /// As in the manifest, where the order of populations counts.
  var namedJSON: JSONText { .object([("name", .text(name))] + members) }

  private var members: [JSONText.Member] {
    [
      ("size", .integer(size)), ("spikes", .integer(spikes)), ("mean_rate_hz", JSONText(meanRateHz)),
      ("cv_isi", JSONText(cvISI)),
    ]
  }
}
