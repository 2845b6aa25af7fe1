import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct NPYArrayTests {
  @Test("Signed and floating arrays saved by NumPy are read", arguments: ["f2", "f4", "f8", "i1", "i2", "i4", "i8"])
  func readsSigned(_ type: String) throws {
    #expect(try NPYArray.read(path: fixture("vector-\(type).npy")).doubles == [0, -1, 2, -100])
  }

  @Test("Unsigned arrays saved by NumPy are read", arguments: ["u1", "u2", "u4", "u8"])
  func readsUnsigned(_ type: String) throws {
    #expect(try NPYArray.read(path: fixture("vector-\(type).npy")).doubles == [0, 1, 2, 100])
  }

  @Test("Booleans saved by NumPy are 0 and 1") func readsBooleans() throws {
    #expect(try NPYArray.read(path: fixture("vector-b1.npy")).doubles == [0, 1, 1, 1])
  }

  @Test("A matrix in Fortran order equals the same matrix in C order") func readsFortranOrder() throws {
    let c = try NPYArray.read(path: fixture("matrix-c.npy"))
    #expect(try NPYArray.read(path: fixture("matrix-fortran.npy")) == c)
    #expect(c.shape == [2, 3])
    #expect(c.doubles == [0, 1, 2, 3, 4, 5])
  }

  @Test("A header of version 2 is read") func readsVersion2() throws {
    #expect(try NPYArray.read(path: fixture("version2.npy")).doubles == [0.5, 0.25])
  }

  @Test("What is no array of little-endian numbers is refused by name") func refusesOtherTypes() {
    #expect(problem { try NPYArray.read(path: fixture("big-endian.npy")) }.contains("big-endian"))
    #expect(problem { try NPYArray.read(path: fixture("objects.npy")) }.contains("type \"|O\""))
    #expect(problem { try NPYArray.read(path: fixture("events.bs1")) } == "events.bs1: is not a npy array")
    #expect(problem { try NPYArray.read(path: fixture("absent.npy")) }.contains("No such file"))
  }

  @Test("Any prefix of an array is an error, never a crash") func survivesTruncation() throws {
    let whole = try contents(of: fixture("matrix-c.npy"))
    for length in 0..<whole.count {
      #expect(throws: FileError.self) { try NPYArray(npy: Array(whole[..<length]), file: "x") }
    }
  }

  @Test("An array with any one byte damaged is read or refused, never a crash") func survivesDamage() throws {
    let whole = try contents(of: fixture("matrix-fortran.npy"))
    var refused = 0
    for position in 0..<128 {
      for value: UInt8 in [0, 0x28, 0x39, 0xFF] {
        var damaged = whole
        damaged[position] = value
        do { _ = try NPYArray(npy: damaged, file: "x") } catch is FileError { refused += 1 }
      }
    }
    #expect(refused > 100)
  }

  @Test("A shape that overflows is refused") func refusesOverflow() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4), }\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    #expect(problem { try NPYArray(npy: bytes, file: "x") }.contains("impossible shape"))
  }

  @Test("What we write, NumPy reads", .enabled(if: Python.has("numpy"), "needs Python with numpy"))
  func isReadByNumPy() throws {
    let directory = try TemporaryDirectory()
    try NPYArray([0.1, .infinity, -2.5e-300, 4], shape: [2, 2]).write(path: directory.file("a.npy"))
    let script = "import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.shape, a.tolist())"
    #expect(try Python.run(script, directory.file("a.npy")) == "float64 (2, 2) [[0.1, inf], [-2.5e-300, 4.0]]")
  }
}
