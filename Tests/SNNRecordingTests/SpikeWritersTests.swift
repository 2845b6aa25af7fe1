import Foundation
import SNNFiles
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNRecording

@Suite struct SpikeWritersTests {
  @Test("Every format gives back the spikes it was given", arguments: ResultsDirectory.SpikeFormat.allCases)
  func roundTrip(_ format: ResultsDirectory.SpikeFormat) throws {
    let directory = try TemporaryDirectory()
    let results = try ResultsDirectory(path: directory.file("run"), force: false)
    let names = ["E", "I, \"inner\"", "silent"]
    let sink = try results.spikeSink(format, populations: names)
    for spikes in testWindows { try sink.take(spikes) }
    try sink.flush()
    try sink.close()
    var manifest = Manifest(name: "x", version: "0", gitHash: nil, threads: 1, commandLine: [], seed: 1, started: .now)
    manifest.recordedPopulations = names
    try results.write(manifest)
    let run = try RunDirectory(path: results.path)
    #expect(try run.spikes(of: names[0]) == SpikeTable(times: [0.1, 1.250000001, 2], ids: [2, 0, 1]))
    #expect(try run.spikes(of: names[1]) == SpikeTable(times: [0.1, 0.1], ids: [3, 7]))
    #expect(try run.spikes(of: names[2]) == SpikeTable(times: [], ids: []))
    #expect(throws: FileError.self) { try run.spikes(of: "X") }
  }

  @Test("spikes.csv is in the order of time, population and id, with exact times") func writesCSV() throws {
    let directory = try TemporaryDirectory()
    let sink = try CSVSpikeSink(path: directory.file("spikes.csv"), populations: ["E", "I", "silent"])
    for spikes in testWindows { try sink.take(spikes) }
    #expect(!FileManager.default.fileExists(atPath: directory.file("spikes.csv")))
    try sink.close()
    let text = try String(contentsOfFile: directory.file("spikes.csv"), encoding: .utf8)
    #expect(text == "time_ms,population,id\n0.1,E,2\n0.1,I,3\n0.1,I,7\n1.250000001,E,0\n2.0,E,1\n")
  }

  @Test("Every time reads back from its text as the same double")
  func timesRoundTrip() {
    for draw in 0..<5000 {
      let word = RandomStream(seed: 1, purpose: .pause, entity: 0).words(index: 0, draw: UInt64(draw))
      let picoseconds = Int64(word.x) << (word.y & 20) | Int64(word.z & 0xFFFF)
      var text: [UInt8] = []
      appendMilliseconds(Time(picoseconds: picoseconds), to: &text)
      let written = String(decoding: text, as: UTF8.self)
      #expect(Double(written) == Time(picoseconds: picoseconds).milliseconds, "\(written)")
    }
  }

  @Test("Only selected neurons and times are recorded, each spike once") func selects() throws {
    let directory = try TemporaryDirectory()
    let selections = [
      SpikeSelection(population: 1, name: "I", ids: [7, 9]),
      SpikeSelection(population: 0, name: "E", from: Time(milliseconds: 0.1)),
      SpikeSelection(population: 0, name: "E", ids: [1]),
    ]
    #expect(SpikeRecorder.names(of: selections) == ["I", "E"])
    let csv = try CSVSpikeSink(path: directory.file("s.csv"), populations: ["I", "E"])
    let recorder = SpikeRecorder(selections, writers: [csv])
    for spikes in testWindows { try recorder.take(spikes) }
    try recorder.close()
    let text = try String(contentsOfFile: directory.file("s.csv"), encoding: .utf8)
    #expect(text == "time_ms,population,id\n0.1,I,7\n1.250000001,E,0\n2.0,E,1\n")
  }

  /// Collected are a MiB of rows, or what is appended at once.
  @Test(
    "All spikes but the last batch are on the disk, so memory is flat",
    arguments: [ResultsDirectory.SpikeFormat.sonata: 12, .npz: 12, .csv: 8])
  func memoryIsFlat(_ format: ResultsDirectory.SpikeFormat, _ bytesPerSpike: Int) throws {
    let directory = try TemporaryDirectory()
    let results = try ResultsDirectory(path: directory.file("run"), force: false)
    let sink = try results.spikeSink(format, populations: ["E"])
    let spikes = window(0, [(0..<15_000).map { (0.5, $0) }])
    for _ in 0..<20 { try sink.take(spikes) }
    let onDisk = try FileManager.default.contentsOfDirectory(atPath: results.unfinished).reduce(0) { sum, name in
      sum + (try FileManager.default.attributesOfItem(atPath: results.unfinished + "/" + name)[.size] as! Int)
    }
    #expect(20 * 15_000 * bytesPerSpike - onDisk < 2_100_000)
    try sink.close()
  }

  @Test("NumPy reads spikes.npz", .enabled(if: Python.has("numpy"), "needs Python with numpy"))
  func isReadByNumPy() throws {
    let directory = try TemporaryDirectory()
    let sink = try SpooledSpikeSink.npz(path: directory.file("spikes.npz"), populations: ["E", "I", "silent"])
    for spikes in testWindows { try sink.take(spikes) }
    try sink.close()
    let script = "import numpy, sys; a = numpy.load(sys.argv[1]); print({k: a[k].tolist() for k in a})"
    #expect(
      try Python.run(script, directory.file("spikes.npz"))
        == "{'E/times': [0.1, 1.250000001, 2.0], 'E/ids': [2, 0, 1], 'I/times': [0.1, 0.1], 'I/ids': [3, 7], "
        + "'silent/times': [], 'silent/ids': []}")
  }
}
