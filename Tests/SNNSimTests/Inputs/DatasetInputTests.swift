import Foundation
import SNNFiles
import SNNSim
import SNNTestSupport
import Testing

/// Samples that each light one pixel, so that spikes tell which sample was shown. E repeats the pixels.
@Suite struct DatasetInputTests {
  /// 40 samples of 8 pixels: sample k lights pixel k mod 8, some brightly, some dimly.
  private static let brightness: [UInt8] = (0..<40).map { [255, 30, 120, 10, 200, 60, 90, 255][$0 * 5 % 8] }

  private func write(_ directory: TemporaryDirectory) throws {
    try FileManager.default.createDirectory(atPath: directory.file("set"), withIntermediateDirectories: true)
    var images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 4]
    for (k, byte) in Self.brightness.enumerated() { images += (0..<8).map { $0 == k % 8 ? byte : 0 } }
    try Data(images).write(to: URL(fileURLWithPath: directory.file("set/train-images-idx3-ubyte")))
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { UInt8($0 % 2) }
    try Data(labels).write(to: URL(fileURLWithPath: directory.file("set/train-labels-idx1-ubyte")))
  }

  private func network(_ directory: TemporaryDirectory, _ input: String = "", engine: String = "grid") throws -> String {
    try directory.write(
      """
      { "format": "snnsim/1", "name": "shown", "run": { "duration": 4400, "resolution": 0.5, "seed": 3, "engine": "\(engine)" },
        "data": {
          "a": { "type": "idx", "path": "\(directory.file("set"))", "limit": 24 },
          "b": { "type": "idx", "path": "\(directory.file("set"))", "first": 24 }
        },
        "populations": { "E": { "model": "parrot_neuron", "size": 8 } },
        "inputs": {
          "pixels": { "type": "dataset", "size": 8, "data": ["a", "b"], "maximum": 100, "show": 50, "rest": 20\(input) }
        },
        "projections": {
          "->": { "source": "pixels", "target": "E", "rule": { "type": "one_to_one" }, "weight": 1, "delay": 0.5 }
        },
        "readout": { "of": "E", "input": "pixels", "assign": "a", "test": "b" } }
      """, to: "net.json")
  }

  private struct Outcome {
    var times: [Double]
    var ids: [UInt32]
    var metrics: [String: String]
  }
  private func run(_ directory: TemporaryDirectory, _ path: String) throws -> Outcome {
    var settings = RunSettings()
    settings.output = directory.file("out")
    settings.force = true
    let report = try Simulation(LoadedNetwork(URL(fileURLWithPath: path)), settings: settings).run().report
    let spikes = try SpikeTable.read(path: directory.file("out/spikes.h5"), population: "E")
    let metrics = Dictionary(uniqueKeysWithValues: report.metrics.map { ($0.0, "\($0.1)") })
    return Outcome(times: spikes.times, ids: spikes.ids, metrics: metrics)
  }
  /// Ids of the spikes in (from, to].
  private func shown(_ outcome: Outcome, _ from: Double, _ to: Double) -> [Int] {
    zip(outcome.times, outcome.ids).filter { $0.0 > from && $0.0 <= to }.map { Int($0.1) }
  }

  @Test("Each sample is shown once at its rates, then silence", arguments: ["grid", "auto"])
  func once(_ engine: String) throws {
    let directory = try TemporaryDirectory()
    try write(directory)
    let outcome = try run(directory, network(directory, engine: engine))
    var expected = 0.0
    for k in 0..<40 {
      let begin = 70 * Double(k)
      #expect(Set(shown(outcome, begin, begin + 50.5)).isSubset(of: [k % 8]))
      #expect(shown(outcome, begin + 50.5, begin + 70).isEmpty)
      expected += 50 * 0.1 * Double(Self.brightness[k]) / 255
    }
    // A Poisson number; four standard deviations.
    #expect(abs(Double(outcome.times.count) - expected) < 4 * expected.squareRoot())
    #expect(outcome.times.last ?? 0 < 40 * 70)
  }

  @Test("A sample that gets too few spikes comes again, brighter, as a loop over the recorded spikes says")
  func repetition() throws {
    let directory = try TemporaryDirectory()
    try write(directory)
    let outcome = try run(
      directory,
      network(directory, #", "answered_by": "E", "least_spikes": 4, "brighten": 100, "spare": 0.5"#))
    // 24 and 16 samples in 36 and 24 presentations.
    var repeated = 0
    var seen: [Int] = []
    for (samples, presentations) in [(0..<24, 0..<36), (24..<40, 36..<60)] {
      var sample = samples.lowerBound
      var brightening = 0
      for p in presentations {
        let begin = 70 * Double(p)
        let spikes = shown(outcome, begin, begin + 70)
        guard samples.contains(sample) else {
          #expect(spikes.isEmpty, "presentation \(p) has nothing left to show")
          continue
        }
        #expect(Set(spikes).isSubset(of: [sample % 8]), "presentation \(p) shows sample \(sample)")
        let answers = shown(outcome, begin, begin + 50).count
        if answers < 4 && p + 1 < presentations.upperBound {
          brightening += 1
          repeated += 1
        } else {
          seen.append(brightening)
          sample += 1
          brightening = 0
        }
      }
    }
    #expect(outcome.metrics["repeated_presentations"]?.contains("\(repeated)") == true)
    #expect(repeated > 5 && seen.max()! >= 2)
  }

  @Test("What is shown next does not depend on threads")
  func ignoresThreads() throws {
    let directory = try TemporaryDirectory()
    try write(directory)
    let path = try network(directory, #", "answered_by": "E", "spare": 0.5"#)
    let digests = try [1, 2, 3, 8].map { threads in
      var settings = RunSettings()
      settings.records = false
      settings.threads = threads
      return try Simulation(LoadedNetwork(URL(fileURLWithPath: path)), settings: settings).run().report.spikeDigest
    }
    #expect(Set(digests).count == 1)
  }

  @Test("A rest too short to decide in is an error")
  func shortRest() throws {
    let directory = try TemporaryDirectory()
    try write(directory)
    let path = try network(directory, #", "answered_by": "E""#)
    let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: #""rest": 20"#, with: #""rest": 1"#)
    let short = try directory.write(text, to: "short.json")
    #expect(throws: (any Error).self) { try LoadedNetwork(URL(fileURLWithPath: short)) }
  }
}
