import Foundation
import SNNTestSupport
import Testing

/// Small inputs that ask for more than any machine has.
@Suite(.enabled(if: MeasuredProcess.isAvailable, "\(MeasuredProcess.missing)"))
struct SizeBombTests {
  /// Expects a refusal within a second of processor time and 100 MB.
  private func expectRefused(_ path: String, _ code: Int32, _ words: String..., command: String = "check") throws {
    let outcome = try MeasuredProcess.run([command, path] + (command == "run" ? ["--no-record"] : []))
    #expect(outcome.code == code, "\(outcome)")
    for word in words { #expect(outcome.errors.contains(word), "\(outcome)") }
    #expect(outcome.seconds < 1 && outcome.megabytes < 100, "\(outcome)")
  }

  private func network(_ size: String, _ more: String = "", population: String = "") -> String {
    """
    { "format": "snnsim/1", "name": "bomb", "run": { "duration": 20 },
      "populations": { "n": { "model": "iaf_psc_exp", "size": \(size)\(population) } }\(more) }
    """
  }

  @Test(
    "Networks of more neurons than there is memory for",
    arguments: [
      ("1e18", "", Int32(2), "out of range"), ("1000000000000000000", "", 2, "out of range"), ("1e400", "", 2, "too large"),
      ("2147483648", "", 3, "GB are available"),
      ("2147483648", #", "init": { "V_m": { "dist": "uniform", "low": -70, "high": -60 } }"#, 3, "GB are available"),
      ("1000000000", #", "params": { "tau_m": { "dist": "normal", "mean": 10, "sd": 1, "min": 5 } }"#, 3, "GB are available"),
    ])
  func neurons(_ size: String, _ population: String, _ code: Int32, _ word: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(network(size, population: population), to: "net.json")
    try expectRefused(path, code, word, command: "run")
  }

  @Test(
    "Connections that no memory holds",
    arguments: [
      #""rule": { "type": "fixed_indegree", "k": 4000000000 }, "delay": 1"#,
      #""rule": { "type": "fixed_total_number", "n": 2e14 }, "delay": 1"#,
      #""rule": { "type": "all_to_all" }, "delay": 1, "plasticity": { "rule": "stdp" }"#,
    ])
  func projections(_ rule: String) throws {
    let directory = try TemporaryDirectory()
    let text = network("1000000", #", "projections": { "p": { "source": "n", "target": "n", "weight": 1, \#(rule) } }"#)
    try expectRefused(try directory.write(text, to: "net.json"), 3, "GB are available", command: "run")
  }

  @Test("A learner whose weights no memory holds")
  func learner() throws {
    let directory = try TemporaryDirectory()
    let iris = SnnsimProcess.root.path + "/datasets/iris/iris.csv"
    _ = try FileManager.default.copyItem(atPath: iris, toPath: directory.file("iris.csv"))
    let text = """
      { "format": "snnsim/1", "name": "bomb", "data": { "all": { "type": "csv", "path": "iris.csv" } },
        "train": { "rule": "backpropagation", "data": "all", "layers": [1000000000, 1000000000] } }
      """
    try expectRefused(try directory.write(text, to: "net.json"), 3, "GB are available", command: "run")
  }

  @Test("A list of 10⁹ entries is refused by the size of its file")
  func list() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      network("10", #", "inputs": { "s": { "type": "spikes", "target": "n", "times": [1"#), to: "net.json")
    // ",1" for each of the others: the blocks are not there, but the file is as long.
    try #require(truncate(path, 2_000_000_000) == 0)
    try expectRefused(path, 2, "larger than 256 MiB")
  }

  @Test(
    "Values nested 10⁶ deep, and expressions",
    arguments: [
      (String(repeating: "[", count: 1_000_000), "deep"), (String(repeating: #"{"a":"#, count: 1_000_000), "deep"),
      (#"{"format": "snnsim/1", "name": "${"# + String(repeating: "(", count: 1_000_000) + #"}"}"#, "deep"),
    ])
  func nesting(_ text: String, _ word: String) throws {
    let directory = try TemporaryDirectory()
    try expectRefused(try directory.write(text, to: "net.json"), 2, word)
  }

  /// Writes files that stand for more than they are: see the names.
  private static let bombs = """
    import gzip, struct, sys, zlib, zipfile, os
    import h5py, numpy as np
    os.chdir(sys.argv[1])
    # Deflate blocks of a mebibyte of zeros each, one behind the other: 4 GiB.
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = c.compress(bytes(1 << 20)) + c.flush(zlib.Z_FULL_FLUSH)
    packed, size = block * 4096 + b"\\x03\\x00", 4096 << 20
    head = b"\\x1f\\x8b\\x08\\0\\0\\0\\0\\0\\0\\x03"
    open("packed.csv", "wb").write(head + packed + struct.pack("<II", 0, size & 0xFFFFFFFF))
    def npz(name, data, size, crc, method):
        member = b"times.npy"
        extra = struct.pack("<HHQQ", 1, 16, size, len(data))
        local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 45, 0, method, 0, 33, crc, 2**32 - 1, 2**32 - 1, len(member), len(extra))
        entry = struct.pack(
            "<IHHHHHHIIIHHHHHII", 0x02014B50, 45, 45, 0, method, 0, 33, crc, 2**32 - 1, 2**32 - 1, len(member), len(extra), 0, 0, 0,
            0, 0)
        body = local + member + extra + data
        directory = entry + member + extra
        end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), len(body), 0)
        open(name, "wb").write(body + directory + end)
    npz("zip.npz", packed, size, 0, 8)
    npz("lying.npz", packed, 10**15, 0, 8)
    text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"
    array = b"\\x93NUMPY\\x01\\0" + struct.pack("<H", len(text) + 1) + text + b"\\n"
    npz("header.npz", array, len(array), zlib.crc32(array), 0)
    with h5py.File("packed.h5", "w") as f:
        zeros = np.zeros(2 * 10**8, "u1")
        f.create_dataset("spikes/n/timestamps", data=zeros, compression="gzip", compression_opts=9, chunks=(10**7,))
        f.create_dataset("spikes/n/node_ids", data=zeros, compression="gzip", compression_opts=9, chunks=(10**7,))
    with h5py.File("unwritten.h5", "w") as f:
        f.create_dataset("spikes/n/timestamps", (10**15,), "f8", chunks=(1000,))
        f.create_dataset("spikes/n/node_ids", (10**15,), "u8", chunks=(1000,))
    with h5py.File("raw.h5", "w") as f:
        for name in ["timestamps", "node_ids"]:
            f.create_dataset("spikes/n/" + name, (4,), "u8", external=[("/etc/hostname", 0, h5py.h5f.UNLIMITED)])
    with h5py.File("linked.h5", "w") as f:
        f["spikes/n"] = h5py.ExternalLink("packed.h5", "/spikes/n")
    """

  @Test("Files of data that unpack to, or claim, more than memory holds", .enabled(if: Python.has("h5py"), "needs h5py"))
  func data() throws {
    let directory = try TemporaryDirectory()
    try Python.run(Self.bombs, directory.path)
    let huge = SnnsimProcess.root.path + "/Tests/SNNFilesTests/Fixtures/sonata-huge.h5"
    try FileManager.default.copyItem(atPath: huge, toPath: directory.file("huge.h5"))
    for (file, word) in [
      ("packed.csv", "100 times"), ("zip.npz", "100 times"), ("lying.npz", "cannot hold"), ("header.npz", "truncated"),
      ("packed.h5", "claims 200000000 values"), ("unwritten.h5", "claims 1000000000000000 values"),
      ("huge.h5", "claims 1125899906842624 values"), ("raw.h5", "in other files"), ("linked.h5", "holds no population"),
    ] {
      let text = network("3", #", "inputs": { "s": { "type": "spikes", "target": "n", "file": "\#(file)", "weight": 1 } }"#)
      try expectRefused(try directory.write(text, to: "net.json"), 2, word, command: "run")
    }
  }
}
