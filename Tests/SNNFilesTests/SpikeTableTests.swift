import SNNTestSupport
import Testing

@testable import SNNFiles

@Suite struct SpikeTableTests {
  static let expected = SpikeTable(times: [1, 2.5, 2.5], ids: [4, 0, 9])

  @Test(
    "Every layout of SONATA spikes written by h5py gives the same table",
    arguments: ["", "-string-sorting", "-no-attributes", "-small-types", "-by-id", "-gids"])
  func readsSONATA(_ variant: String) throws {
    #expect(try SpikeTable.read(path: fixture("sonata\(variant).h5")) == Self.expected)
  }

  @Test("Of several populations one must be named") func choosesPopulation() throws {
    let path = fixture("sonata-two.h5")
    #expect(try SpikeTable.read(path: path, population: "I") == SpikeTable(times: [0.5, 3], ids: [1, 1]))
    #expect(problem { try SpikeTable.read(path: path) } == "sonata-two.h5: holds 2 populations\n  hint: name one of \"E\", \"I\"")
    #expect(problem { try SpikeTable.read(path: path, population: "X") }.contains("it has \"E\", \"I\""))
    #expect(try SpikeTable.populations(path: path) == ["E", "I"])
  }

  @Test(
    "A bad SONATA file is refused with its fault",
    arguments: [
      ("nan", "spike 1 has the time nan ms"), ("negative-id", "node_ids[0] is -1"),
      ("float-ids", "holds floating-point numbers; integers are needed"), ("missing", "has no /spikes/E/node_ids"),
      ("strings", "holds strings"), ("seconds", "is in \"s\"; ms are needed"), ("huge", "claims 1125899906842624 values"),
    ])
  func refusesBadSONATA(_ name: String, _ fault: String) {
    let message = problem { try SpikeTable.read(path: fixture("sonata-\(name).h5")) }
    #expect(message.hasPrefix("sonata-\(name).h5: ") && message.contains(fault), "\(message)")
  }

  @Test("Any prefix of a SONATA file is an error, never a crash") func survivesTruncation() throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(of: fixture("sonata.h5"))
    for length in stride(from: 0, to: whole.count - 1, by: 97) {
      try AtomicFile.write(Array(whole[..<length]), to: directory.file("x.h5"))
      #expect(throws: FileError.self) { try SpikeTable.read(path: directory.file("x.h5")) }
    }
  }

  /// Byte 3061 is in the reference of the "units" attribute to its text, which libhdf5 1.10 follows out of bounds.
  @Test("A SONATA file with a damaged byte is read or refused, never a crash") func survivesDamage() throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(of: fixture("sonata.h5"))
    var refused = 0
    for position in [3061] + Array(stride(from: 0, to: whole.count, by: 61)) {
      var damaged = whole
      damaged[position] ^= 1
      try AtomicFile.write(damaged, to: directory.file("x.h5"))
      do { _ = try SpikeTable.read(path: directory.file("x.h5")) } catch is FileError { refused += 1 }
    }
    #expect(refused > 1)
  }

  @Test("Arrays of a npz file are spikes") func readsNPZ() throws {
    let table = try SpikeTable.read(path: fixture("spikes-stored.npz"))
    #expect(table == SpikeTable(times: [1.5, 2.25, 2.25], ids: [3, 0, 7]))
    #expect(try SpikeTable.read(path: fixture("spikes-deflated.npz")).times.count == 200)
  }

  @Test("The three ways to write spikes as text are read") func readsText() throws {
    let directory = try TemporaryDirectory()
    let ours = try directory.write("time_ms,population,id\n1,E,4\n2.5,\"E\",0\n2.5,E,9\n", to: "a.csv")
    let sonata = try directory.write("timestamps population node_ids\r\n1.0 E 4\r\n2.5 E 9\r\n2.5 E 0\r\n", to: "b.csv")
    let bare = try directory.write("# two columns\n1 4\n\n2.5\t0\n2.5   9", to: "c.txt")
    for path in [ours, sonata, bare] { #expect(try SpikeTable.read(path: path) == Self.expected) }
  }

  @Test("A gzipped CSV file is read like a plain one") func readsGzip() throws {
    #expect(try SpikeTable.read(path: fixture("spikes.csv.gz"), population: "E") == SpikeTable(times: [1.5, 2.25], ids: [3, 7]))
  }

  @Test(
    "A bad line of text is named by its number",
    arguments: [
      ("time_ms,id\n1,2\nx,3\n", "a.csv:3: \"x\" is not a finite number"),
      ("time_ms,id\n1\n", "a.csv:2: has 1 fields; the first line has 2"),
      ("time_ms,id\n1,-2\n", "a.csv:2: \"-2\" is not a neuron id"), ("time_ms,id\nnan,1\n", "a.csv:2: \"nan\" is not"),
      ("time_ms,neuron\n1,2\n", "has no column \"id\""), ("1,2,3\n", "has 3 columns and no header"), ("", "is empty"),
      ("a\u{0}b", "is not a text file"), ("time_ms,id\n\"1,2\n", "a.csv:2: has a quote"),
      ("-1,2\n", "spike 0 has the time -1.0 ms"),
    ])
  func namesBadLine(_ text: String, _ fault: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(text, to: "a.csv")
    let message = problem { try SpikeTable.read(path: path) }
    #expect(message.contains(fault), "\(message)")
  }

  @Test("SLAYER events are read: big-endian neuron, microseconds below the unused bit") func readsSLAYER() throws {
    let table = try SpikeTable.read(path: fixture("events.bs1"))
    #expect(table == SpikeTable(times: [0, 1.5, 8388.607], ids: [0, 258, 65535]))
  }
}
