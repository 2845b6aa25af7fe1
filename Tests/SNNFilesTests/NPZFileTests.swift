import Foundation
import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct NPZFileTests {
  @Test("Stored and compressed archives saved by NumPy are read") func readsBoth() throws {
    let stored = try NPZFile(path: fixture("spikes-stored.npz"))
    #expect(stored.names == ["times", "ids"])
    #expect(try stored.column("times") == [1.5, 2.25, 2.25])
    #expect(try stored.column("ids") == [3, 0, 7])
    let deflated = try NPZFile(path: fixture("spikes-deflated.npz"))
    #expect(try deflated.column("times").count == 200)
    #expect(try deflated.column("times").last == 100)
  }

  @Test("A missing array is named together with those that are there") func namesMissingArray() throws {
    let file = try NPZFile(path: fixture("single.npz"))
    #expect(problem { try file.array("v") } == "single.npz: has no array \"v\"\n  hint: it has \"w\"")
  }

  @Test("Any prefix of an archive is an error, never a crash", arguments: ["spikes-stored.npz", "spikes-deflated.npz"])
  func survivesTruncation(_ name: String) throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(of: fixture(name))
    for length in stride(from: 0, to: whole.count, by: 7) {
      try AtomicFile.write(Array(whole[..<length]), to: directory.file("x.npz"))
      #expect(throws: FileError.self) { try NPZFile(path: directory.file("x.npz")) }
    }
  }

  @Test("An archive with any one byte damaged is read or refused, never a crash") func survivesDamage() throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(of: fixture("spikes-deflated.npz"))
    var refused = 0
    for position in whole.indices {
      var damaged = whole
      damaged[position] ^= 0xFF
      try AtomicFile.write(damaged, to: directory.file("x.npz"))
      do {
        let file = try NPZFile(path: directory.file("x.npz"))
        for name in file.names { _ = try file.array(name) }
      } catch is FileError { refused += 1 }
    }
    #expect(refused > whole.count / 2)
  }

  @Test("Equal arrays give equal bytes") func isReproducible() throws {
    let directory = try TemporaryDirectory()
    for name in ["a.npz", "b.npz"] {
      try NPZFile.write([("x", NPYArray([1.0, 2])), ("y", NPYArray([7] as [UInt32]))], to: directory.file(name))
    }
    #expect(try contents(of: directory.file("a.npz")) == contents(of: directory.file("b.npz")))
  }

  @Test("A stream of rows becomes the same file as the arrays at once") func streams() throws {
    let directory = try TemporaryDirectory()
    let values = (0..<3000).map(Double.init)
    let stream = try NPZStream(path: directory.file("stream.npz"))
    stream.add("ids", NPYArray([4, 9, 11] as [UInt32]))
    let times = stream.addGrowing("times", .float64)
    let v = stream.addGrowing("V_m", .float64, rowShape: [3])
    for row in 0..<1000 {
      stream.append([Double(row)], to: times)
      stream.append(Array(values[(3 * row)..<(3 * row + 3)]), to: v)
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file("stream.npz")))
    try stream.close()
    #expect(directory.names == ["stream.npz"])
    try NPZFile.write(
      [
        ("ids", NPYArray([4, 9, 11] as [UInt32])), ("times", NPYArray((0..<1000).map(Double.init))),
        ("V_m", NPYArray(values, shape: [1000, 3])),
      ], to: directory.file("once.npz"))
    #expect(try contents(of: directory.file("stream.npz")) == contents(of: directory.file("once.npz")))
  }

  @Test("A dropped stream leaves nothing behind") func droppedStreamLeavesNothing() throws {
    let directory = try TemporaryDirectory()
    do {
      let stream = try NPZStream(path: directory.file("x.npz"))
      stream.append([1.0, 2], to: stream.addGrowing("a", .float64))
      try stream.flush()
    }
    #expect(directory.names.isEmpty)
  }

  @Test("What we write, NumPy reads, also an empty stream", .enabled(if: Python.has("numpy"), "needs Python with numpy"))
  func isReadByNumPy() throws {
    let directory = try TemporaryDirectory()
    let stream = try NPZStream(path: directory.file("a.npz"))
    stream.add("E/ids", NPYArray([1, 2] as [UInt32]))
    _ = stream.addGrowing("E/V_m", .float64, rowShape: [2])
    try stream.close()
    let script = "import numpy, sys; a = numpy.load(sys.argv[1]); print([(k, a[k].dtype.str, a[k].shape) for k in a])"
    #expect(try Python.run(script, directory.file("a.npz")) == "[('E/ids', '<u4', (2,)), ('E/V_m', '<f8', (0, 2))]")
  }
}
