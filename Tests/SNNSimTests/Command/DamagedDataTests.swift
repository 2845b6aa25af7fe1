import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// Data files that are not what they should be end in exit 2 with the file's name, and never in a crash.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct DamagedDataTests {
  private func outcome(_ input: String, _ directory: TemporaryDirectory, more: String = "") throws -> SnnsimProcess.Outcome {
    let text = """
      {
        "format": "snnsim/1", "name": "damaged", "run": { "duration": 20 },
        "populations": { "n": { "model": "iaf_psc_exp", "size": 3\(more) } },
        "inputs": { "s": { "target": "n", \(input) } },
        "record": { "spikes": { "what": "spikes", "of": "n" } }
      }
      """
    return try SnnsimProcess.runNetwork(text, in: directory, "--no-record")
  }

  private func expectInvalid(_ outcome: SnnsimProcess.Outcome, _ file: String, _ words: String...) {
    #expect(outcome.code == 2, "\(file): \(outcome.stderr)")
    #expect(outcome.stdout.isEmpty)
    #expect(outcome.stderr.contains(file) && outcome.stderr.contains("nothing was run"))
    for word in words { #expect(outcome.stderr.contains(word), "\(file): \(outcome.stderr)") }
  }

  @Test(
    "Broken spike tables in text",
    arguments: [
      ("time_ms,id\n1,0\nx,1\n", ":3"), ("time_ms,id\n1,0\n2\n", ":3"), ("time_ms,id\n1,0\n2,-1\n", ":3"),
      ("time_ms,id\n1,0\nnan,1\n", ":3"), ("time_ms,id\n1,0\n-4,1\n", "-4"), ("", "empty"), ("time_ms,id\n5,7\n", "7"),
      ("time_ms,id\n1e300,0\n", "1e+300"), ("a,b,c\n1,2,3\n", "spike times"), ("time_ms,id\n1,0.5\n", ":2"),
    ])
  func text(_ content: String, _ word: String) throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write(content, to: "bad.csv")
    let outcome = try outcome(#""type": "spikes", "file": "bad.csv""#, directory)
    #expect(outcome.code == 2 && outcome.stderr.contains("inputs.s") && outcome.stderr.contains(word), "\(outcome.stderr)")
  }

  @Test("HDF5 and npz files cut off at any length, or with damaged bytes, are refused or read, never crashed on")
  func binary() throws {
    let directory = try TemporaryDirectory()
    let input = #""s": { "type": "spikes", "size": 3, "times": [1, 2, 3, 4], "ids": [0, 1, 2, 0] }"#
    let written = try WholeRun(counting(1, duration: 10, inputs: input, records: #", "s": { "what": "spikes", "of": "s" }"#))
    let h5 = try Data(contentsOf: URL(fileURLWithPath: written.output + "/spikes.h5"))
    try NPZFile.write([("times", NPYArray([1.0, 2])), ("ids", NPYArray([UInt32(0), 1]))], to: directory.file("good.npz"))
    let npz = try Data(contentsOf: URL(fileURLWithPath: directory.file("good.npz")))
    for (name, data) in [("bad.h5", h5), ("bad.npz", npz)] {
      for part in [0, 1, 7, data.count / 3, data.count / 2, data.count * 9 / 10, data.count - 1] {
        try data.prefix(part).write(to: URL(fileURLWithPath: directory.file(name)))
        expectInvalid(try outcome(#""type": "spikes", "file": "\#(name)""#, directory), name)
      }
      var draws = Draws(seed: 3)
      for _ in 0..<12 {
        var damaged = data
        for _ in 0..<4 {
          damaged[Int(draws.uniform(0, Double(data.count)))] = UInt8(draws.uniform(0, 256))
        }
        try damaged.write(to: URL(fileURLWithPath: directory.file(name)))
        let code = try outcome(#""type": "spikes", "file": "\#(name)""#, directory).code
        #expect(code == 0 || code == 2, "a damaged \(name) ended in \(code)")
      }
    }
  }

  @Test("A population or array that the file has not is named beside those it has")
  func missingPart() throws {
    let directory = try TemporaryDirectory()
    let input = #""s": { "type": "spikes", "size": 3, "times": [1], "ids": [0] }"#
    let written = try WholeRun(counting(1, duration: 10, inputs: input, records: #", "s": { "what": "spikes", "of": "s" }"#))
    let file = directory.file("spikes.h5")
    try FileManager.default.copyItem(atPath: written.output + "/spikes.h5", toPath: file)
    expectInvalid(
      try outcome(#""type": "spikes", "file": "\#(file)", "population": "other""#, directory), "spikes.h5", "other", "hint",
      #""s""#)
    try NPZFile.write([("times", NPYArray([1.0, 2]))], to: directory.file("half.npz"))
    expectInvalid(try outcome(#""type": "spikes", "file": "half.npz""#, directory), "half.npz", "ids", "hint")
    try NPZFile.write([("times", NPYArray([1.0, 2])), ("ids", NPYArray([UInt32(0)]))], to: directory.file("uneven.npz"))
    expectInvalid(try outcome(#""type": "spikes", "file": "uneven.npz""#, directory), "uneven.npz")
    expectInvalid(try outcome(#""type": "spikes", "file": "absent.h5""#, directory), "absent.h5", "hint")
    _ = try directory.write("not data", to: "notes.doc")
    expectInvalid(try outcome(#""type": "spikes", "file": "notes.doc""#, directory), "notes.doc", "hint")
  }

  @Test("Rates over time and parameter files are checked like every number of the file")
  func numbers() throws {
    let directory = try TemporaryDirectory()
    for (name, content, word) in [
      ("order.csv", "time_ms,rate_hz\n5,1\n5,2\n", "ascend"), ("sign.csv", "time_ms,rate_hz\n5,-1\n", "-1"),
      ("names.csv", "t,r\n5,1\n", "rate_hz"), ("word.csv", "time_ms,rate_hz\n5,many\n", "many"),
    ] {
      _ = try directory.write(content, to: name)
      let found = try outcome(#""type": "poisson", "rate": { "file": "\#(name)" }"#, directory)
      #expect(found.code == 2 && found.stderr.contains(word), "\(found.stderr)")
    }
    for (name, content, word) in [
      ("few.csv", "1\n2\n", "3 are needed"), ("text.csv", "1\nx\n3\n", "x"), ("bound.csv", "10\n-2\n10\n", "-2"),
    ] {
      _ = try directory.write(content, to: name)
      let found = try outcome(
        #""type": "dc", "amplitude": 1"#, directory, more: #", "params": { "tau_m": { "file": "\#(name)" } }"#)
      #expect(found.code == 2 && found.stderr.contains(word), "\(found.stderr)")
    }
  }

  @Test("Connection files with missing columns or neurons that are not there are refused")
  func connections() throws {
    let directory = try TemporaryDirectory()
    for (name, content, word) in [
      ("half.csv", "pre,weight\n0,1\n", "post"), ("range.csv", "pre,post\n0,9\n", "9"),
      ("delay.csv", "pre,post,delay\n0,1,-1\n", "-1"),
      ("weight.csv", "pre,post,weight\n0,1,inf\n", "inf"),
    ] {
      _ = try directory.write(content, to: name)
      let text = """
        {
          "format": "snnsim/1", "name": "damaged", "run": { "duration": 20 },
          "populations": { "n": { "model": "iaf_psc_exp", "size": 3 } },
          "projections": { "p": { "source": "n", "target": "n", "rule": { "type": "file", "path": "\(name)" }, "weight": 1, "delay": 1 } },
          "record": { "spikes": { "what": "spikes", "of": "n" } }
        }
        """
      let found = try SnnsimProcess.runNetwork(text, in: directory, "--no-record")
      #expect(found.code == 2 && found.stderr.contains(word), "\(found.stderr)")
    }
  }
}
