import Foundation
import SNNFiles
import SNNTestSupport
import Testing

@testable import SNNRecording

@Suite struct ManifestTests {
  private var example: Manifest {
    var manifest = Manifest(
      name: "brunel", version: "0.1.0", gitHash: "abc", threads: 2, commandLine: ["snnsim", "run", "a \"b\".json"], seed: .max,
      started: Date(timeIntervalSince1970: 1_700_000_000))
    manifest.status = .interrupted
    manifest.ended = manifest.started
    manifest.inputs = [.init(path: "w.npy", sha256: "00")]
    manifest.wallTime = .init(build: 0.5, simulate: 2.25, write: 0.1)
    manifest.biologicalMs = 1000
    (manifest.neurons, manifest.synapses, manifest.spikes) = (3, 4, 5)
    manifest.populations = [
      PopulationSummary(name: "I", size: 1, spikes: 5, meanRateHz: 5, cvISI: 0.25),
      PopulationSummary(name: "E", size: 2, spikes: 0, meanRateHz: 0, cvISI: nil),
    ]
    manifest.recordedPopulations = ["E"]
    manifest.spikeDigest = "ff"
    manifest.notes = ["one"]
    return manifest
  }

  @Test("A manifest reads back as it was written, populations in order") func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(example.json.pretty, to: "manifest.json")
    #expect(try Manifest.read(path: path) == example)
    #expect(example.started == "2023-11-14T22:13:20Z")
  }

  @Test(
    "What is no manifest is refused with its fault",
    arguments: [
      ("{", "not valid JSON"), ("{}", "\"format\" is missing"), (#"{"format": 1}"#, "\"format\" is of the wrong type"),
    ])
  func refuses(_ text: String, _ fault: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "manifest.json")
    let error = #expect(throws: FileError.self) { try Manifest.read(path: path) }
    #expect(error?.problem.contains(fault) == true, "\(String(describing: error))")
  }

  @Test("A later format is refused by name") func refusesLaterFormat() throws {
    let directory = try TemporaryDirectory()
    let text = example.json.pretty.replacingOccurrences(of: "snnsim-run/1", with: "snnsim-run/9")
    let path = try directory.write(text, to: "manifest.json")
    let error = #expect(throws: FileError.self) { try Manifest.read(path: path) }
    #expect(error?.problem == "has the format \"snnsim-run/9\"; this version reads \"snnsim-run/1\"")
  }
}

@Suite struct RunReportTests {
  @Test("The report is the object of the contract, key by key") func equalsContract() {
    var report = RunReport(
      name: "brunel2000", seed: 12345, threads: 2, engines: ["grid", "exact"], biologicalMs: 1000, buildSeconds: 0.9,
      simulateSeconds: 2.1, neurons: 12500, synapses: 15_625_000, synapticEvents: 600_000_000, peakRSSMegabytes: 210,
      synapseBytes: 8,
      populations: [
        PopulationSummary(name: "E", size: 10000, spikes: 384000, meanRateHz: 38.4, cvISI: 0.6),
        PopulationSummary(name: "I", size: 2500, spikes: 0, meanRateHz: 0, cvISI: nil),
      ], spikeDigest: "ab", output: "runs/x")
    report.plastic = [PlasticSummary(name: "E->E", synapses: 5, meanWeight: 1.5)]
    #expect(
      report.json.line
        == #"{"name": "brunel2000", "seed": 12345, "threads": 2, "engine": {"E": "grid", "I": "exact"}, "#
        + #""biological_ms": 1000, "build_s": 0.9, "simulate_s": 2.1, "real_time_factor": 2.1, "neurons": 12500, "#
        + #""synapses": 15625000, "spikes": 384000, "synaptic_events": 600000000, "peak_rss_mb": 210, "synapse_bytes": 8, "#
        + #""populations": {"E": {"size": 10000, "spikes": 384000, "mean_rate_hz": 38.4, "cv_isi": 0.6}, "#
        + #""I": {"size": 2500, "spikes": 0, "mean_rate_hz": 0, "cv_isi": null}}, "plastic": {"E->E": {"synapses": 5, "mean_weight": 1.5}}, "#
        + #""digests": {"spikes": "ab", "weights": null}, "metrics": {}, "output": "runs/x"}"#)
  }
}
