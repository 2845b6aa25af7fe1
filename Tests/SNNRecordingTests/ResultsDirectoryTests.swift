import Foundation
import SNNFiles
import SNNTestSupport
import Testing

@testable import SNNRecording

@Suite struct ResultsDirectoryTests {
  private func run(_ path: String, force: Bool = false) throws -> ResultsDirectory {
    let results = try ResultsDirectory(path: path, force: force)
    try results.write(Manifest(name: "x", version: "0", gitHash: nil, threads: 1, commandLine: [], seed: 1, started: .now))
    try results.write(network: "{}", resolved: "{ }")
    return results
  }

  @Test("A fresh directory is made, with those above it") func makes() throws {
    let directory = try TemporaryDirectory()
    let results = try run(directory.file("runs/a"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: results.path).sorted() == [
        "manifest.json", "net.json", "net.resolved.json",
      ])
  }

  @Test("Earlier results are replaced only by force, and only what a run wrote") func protectsResults() throws {
    let directory = try TemporaryDirectory()
    let path = try run(directory.file("a")).path
    try Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/thesis.tex"))
    try Data().write(to: URL(fileURLWithPath: path + "/spikes.h5"))
    let error = #expect(throws: FileError.self) { try ResultsDirectory(path: path, force: false) }
    #expect(error?.operation == .write)
    #expect(error?.hint?.contains("--force") == true)
    _ = try ResultsDirectory(path: path, force: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["thesis.tex"])
  }

  @Test("A directory that holds anything else is left alone, even by force") func protectsOthers() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("mine", to: "spikes.h5")
    _ = try directory.write("{\"format\": \"other\"}", to: "manifest.json")
    for force in [false, true] {
      #expect(throws: FileError.self) { try ResultsDirectory(path: directory.path, force: force) }
    }
    #expect(directory.names == ["manifest.json", "spikes.h5"])
  }

  @Test("A place that cannot be written to is an error of writing", arguments: ["/proc/snnsim", "/dev/null/x", "/dev/null"])
  func refusesUnwritable(_ path: String) {
    let error = #expect(throws: FileError.self) { try ResultsDirectory(path: path, force: true) }
    #expect(error?.operation == .write)
  }

  @Test("Names of records may hold any character") func namesRecords() throws {
    let directory = try TemporaryDirectory()
    let results = try run(directory.file("a"))
    let names = ["../v", "50%", "vm"]
    for name in names {
      try results.sampleWriter(name, groups: [.init(population: "E", ids: [0])], variables: ["V_m"]).close()
    }
    let back = try RunDirectory(path: results.path)
    #expect(back.recordNames == names)
    #expect(try back.record("50%").series[0].ids == [0])
  }
}
