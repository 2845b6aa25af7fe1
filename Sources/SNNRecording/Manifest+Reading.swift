import Foundation
import SNNFiles

extension Manifest {
  /// Reads a `manifest.json`; an unknown format or a missing key is a ``FileError``.
  public static func read(path: String) throws -> Manifest {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw FileError(.read, path, "cannot be read", hint: "is its directory a results directory of snnsim?")
    }
    do {
      let document = try JSONDecoder().decode(Document.self, from: bytes)
      guard document.format == format else {
        throw FileError(.read, path, "has the format \"\(document.format)\"; this version reads \"\(format)\"")
      }
      return Manifest(document)
    } catch let error as DecodingError { throw FileError(.read, path, "is no manifest: \(reason(error))") }
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong type"
    default: "it is not valid JSON"
    }
  }

  private init(_ document: Document) {
    status = document.status
    name = document.name
    version = document.version
    gitHash = document.git_hash
    host = document.host
    operatingSystem = document.os
    threads = document.threads
    commandLine = document.command_line
    seed = document.seed
    inputs = document.inputs
    started = document.started
    ended = document.ended
    wallTime = WallTime(build: document.wall_s.build, simulate: document.wall_s.simulate, write: document.wall_s.write)
    biologicalMs = document.biological_ms
    neurons = document.totals.neurons
    synapses = document.totals.synapses
    spikes = document.totals.spikes
    populations = document.populations.map { entry in
      PopulationSummary(
        name: entry.name, size: entry.size, spikes: entry.spikes, meanRateHz: entry.mean_rate_hz, cvISI: entry.cv_isi)
    }
    recordedPopulations = document.recorded_populations
    spikeDigest = document.digests.spikes
    weightDigest = document.digests.weights
    liveChanges = document.live_changes ?? []
    notes = document.notes
  }

  /// The keys of the file, spelled as there.
  private struct Document: Decodable {
    struct Wall: Decodable { var build, simulate, write: Double }
    struct Totals: Decodable { var neurons, synapses, spikes: Int }
    struct Digests: Decodable { var spikes, weights: String? }
    struct Entry: Decodable {
      var name: String
      var size, spikes: Int
      var mean_rate_hz, cv_isi: Double?
    }
    var format: String
    var status: Status
    var name, version: String
    var git_hash: String?
    var host, os: String
    var threads: Int
    var command_line: [String]
    var seed: UInt64
    var inputs: [Input]
    var started: String
    var ended: String?
    var wall_s: Wall
    var biological_ms: Double
    var totals: Totals
    var populations: [Entry]
    var recorded_populations: [String]
    var digests: Digests
    var live_changes: [LiveChange]?
    var notes: [String]
  }
}
