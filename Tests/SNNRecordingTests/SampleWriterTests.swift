import SNNFiles
import SNNSignals
import SNNTestSupport
import Testing

@testable import SNNRecording

@Suite struct SampleWriterTests {
  @Test("A record of one population has the arrays of the contract") func onePopulation() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("vm.npz")
    let writer = try SampleWriter(path: path, groups: [.init(population: "E", ids: [3, 5])], variables: ["V_m", "g_ex"])
    try writer.append(
      times: [Time(milliseconds: 0.5), Time(milliseconds: 1)], values: [[-70, -65, -69, -64], [0, 1, 2, 3]])
    try writer.append(times: [Time(milliseconds: 1.5)], values: [[-68, -63], [4, 5]])
    try writer.close()
    #expect(try NPZFile(path: path).names == ["ids", "times", "V_m", "g_ex"])
    let record = try SampleRecord(path: path)
    #expect(record.times == [0.5, 1, 1.5])
    #expect(record.series.map(\.variable) == ["V_m", "g_ex"])
    #expect(record.series[0].trace(1) == [-65, -64, -63])
    #expect(record.series[1].ids == [3, 5])
  }

  @Test("A record of several populations names them in its arrays", .enabled(if: Python.has("numpy"), "needs Python with numpy"))
  func severalPopulations() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("vm.npz")
    let writer = try SampleWriter(
      path: path, groups: [.init(population: "E", ids: [0]), .init(population: "I", ids: [1, 2])], variables: ["V_m"])
    try writer.append(times: [Time(milliseconds: 1)], values: [[-70], [-60, -61]])
    try writer.close()
    let script = "import numpy, sys; a = numpy.load(sys.argv[1]); print({k: a[k].tolist() for k in sorted(a)})"
    #expect(
      try Python.run(script, path)
        == "{'E/V_m': [[-70.0]], 'E/ids': [0], 'I/V_m': [[-60.0, -61.0]], 'I/ids': [1, 2], 'times': [1.0]}")
    #expect(try SampleRecord(path: path).series.map(\.population) == ["E", "I"])
  }

  @Test("A record without a sample is valid") func empty() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("vm.npz")
    try SampleWriter(path: path, groups: [.init(population: "E", ids: [0])], variables: ["V_m"]).close()
    #expect(try SampleRecord(path: path).times.isEmpty)
    #expect(directory.names == ["vm.npz"])
  }
}
