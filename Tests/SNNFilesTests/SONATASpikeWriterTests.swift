import Foundation
import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct SONATASpikeWriterTests {
  @Test("Batches of several populations are read back as written") func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("spikes.h5")
    let writer = try SONATASpikeWriter(path: path, populations: ["E", "I", "silent"])
    let times = (0..<10_000).map { Double($0) * 0.1 }
    for start in stride(from: 0, to: times.count, by: 700) {
      let batch = Array(times[start..<min(start + 700, times.count)])
      try writer.append(population: 0, times: batch, ids: batch.indices.map { UInt64($0 % 50) })
      try writer.append(population: 1, times: [batch[0]], ids: [7])
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.close()
    #expect(directory.names == ["spikes.h5"])
    #expect(try SpikeTable.read(path: path, population: "E").times == times)
    #expect(try SpikeTable.read(path: path, population: "I").ids == Array(repeating: 7, count: 15))
    #expect(try SpikeTable.read(path: path, population: "silent") == SpikeTable(times: [], ids: []))
  }

  @Test("Equal spikes give equal bytes") func isReproducible() throws {
    let directory = try TemporaryDirectory()
    for name in ["a.h5", "b.h5"] {
      let writer = try SONATASpikeWriter(path: directory.file(name), populations: ["E"])
      try writer.append(population: 0, times: [1, 2], ids: [0, 1])
      try writer.flush()
      try writer.append(population: 0, times: [3], ids: [0])
      try writer.close()
    }
    #expect(try SHA256.hex(ofFile: directory.file("a.h5")) == SHA256.hex(ofFile: directory.file("b.h5")))
  }

  @Test(
    "libsonata reads what we write, also without a spike", .enabled(if: Python.has("libsonata"), "needs Python with libsonata"))
  func isReadByLibsonata() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("spikes.h5")
    let writer = try SONATASpikeWriter(path: path, populations: ["E", "none"])
    try writer.append(population: 0, times: [0.1, 0.30000000000000004, 0.30000000000000004], ids: [5, 1, 2])
    try writer.close()
    let script = """
      import libsonata, sys
      r = libsonata.SpikeReader(sys.argv[1])
      print(r.get_population_names(), r["E"].get(), r["E"].sorting, r["none"].get())
      """
    let printed = try Python.run(script, path)
    #expect(printed == "['E', 'none'] [(5, 0.1), (1, 0.30000000000000004), (2, 0.30000000000000004)] by_time []")
  }

  @Test("A directory that cannot be written to is an error of writing") func refusesUnwritable() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: FileError.self) {
      try SONATASpikeWriter(path: directory.file("absent/spikes.h5"), populations: ["E"])
    }
    #expect(error?.operation == .write)
    #expect(error?.hint == "the directory does not exist")
  }
}
