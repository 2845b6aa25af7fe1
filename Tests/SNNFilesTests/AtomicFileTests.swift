import Foundation
import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct AtomicFileTests {
  @Test("A file appears complete or not at all") func appearsComplete() throws {
    let directory = try TemporaryDirectory()
    let file = AtomicFile(path: directory.file("a"))
    let output = try OutputFile(path: file.temporaryPath)
    try output.write(Array("new".utf8))
    try output.close()
    #expect(!FileManager.default.fileExists(atPath: directory.file("a")))
    try file.commit()
    #expect(directory.names == ["a"])
    #expect(try contents(of: directory.file("a")) == Array("new".utf8))
  }

  @Test("A full disk is an error of writing", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func reportsFullDisk() throws {
    let output = try OutputFile(path: "/dev/full")
    try output.write([1, 2, 3])
    let error = #expect(throws: FileError.self) { try output.close() }
    #expect(error?.operation == .write)
    #expect(error?.hint == "the disk is full")
  }

  @Test("A truncated or damaged gzip file is refused") func refusesBadGzip() throws {
    let directory = try TemporaryDirectory()
    let whole = try FileReader(path: fixture("spikes.csv.gz")).bytes(at: 0, count: 74)
    for length in 2..<74 {
      try AtomicFile.write(Array(whole[..<length]), to: directory.file("x.gz"))
      #expect(throws: FileError.self) { try contents(of: directory.file("x.gz")) }
    }
  }
}
