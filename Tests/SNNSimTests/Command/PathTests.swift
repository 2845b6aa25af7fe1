import Foundation
import SNNTestSupport
import Testing

/// What the names in a network file may lead to.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct PathTests {
  private func network(_ file: String) -> String {
    """
    { "format": "snnsim/1", "name": "paths", "run": { "duration": 5 },
      "populations": { "n": { "model": "iaf_psc_exp", "size": 2, "params": { "tau_m": { "file": "\(file)" } } } } }
    """
  }

  /// A directory with a network in `net/`, and numbers in it, beside it and in directories of data sets.
  private func place(_ file: String) throws -> (directory: TemporaryDirectory, path: String) {
    let directory = try TemporaryDirectory()
    for folder in ["net/sub", "datasets", "elsewhere"] {
      try FileManager.default.createDirectory(atPath: directory.file(folder), withIntermediateDirectories: true)
      _ = try directory.write("8\n9\n", to: folder + "/w.csv")
    }
    for name in ["net/w.csv", "w.csv"] { _ = try directory.write("8\n9\n", to: name) }
    return (directory, try directory.write(network(file), to: "net/net.json"))
  }

  @Test(
    "A network reads below its own directory and in directories of data sets",
    arguments: ["w.csv", "sub/w.csv", "./sub/../w.csv", "../datasets/w.csv"])
  func inside(_ file: String) throws {
    let (directory, path) = try place(file)
    let outcome = try SnnsimProcess.run("check", path)
    #expect(outcome.code == 0, Comment(rawValue: outcome.stderr))
    withExtendedLifetime(directory) {}
  }

  @Test(
    "No other file is read, by whatever name",
    arguments: [
      "../w.csv", "../elsewhere/w.csv", "sub/../../w.csv", "../datasets/../w.csv", "/etc/hostname", "/proc/self/environ",
      "../../../../../../../../etc/hostname", "${up}w.csv",
    ])
  func outside(_ file: String) throws {
    let (directory, path) = try place(file)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    _ = try directory.write(
      text.replacingOccurrences(of: "\"run\"", with: #""parameters": { "up": "../" }, "run""#), to: "net/net.json")
    let outcome = try SnnsimProcess.run("run", path, "--no-record")
    #expect(outcome.code == 2 && outcome.stderr.contains("outside of where a network may read"), "\(outcome.stderr)")
    #expect(outcome.stderr.contains("params.tau_m") && outcome.stderr.contains("--data"))
  }

  @Test("Whoever calls the command may name any directory or file")
  func asked() throws {
    let (directory, path) = try place("../elsewhere/w.csv")
    #expect(try SnnsimProcess.run("check", path, "--data", directory.file("elsewhere")).code == 0)
    #expect(try SnnsimProcess.run("check", path, "--data", directory.file("elsewhere/w.csv")).code == 0)
    #expect(try SnnsimProcess.run("check", path, "--data", directory.file("else")).code == 2)
    let given = "populations.n.params.tau_m.file=\"\(directory.file("w.csv"))\""
    #expect(try SnnsimProcess.run("check", path, "--set", given).code == 0)
    let sets = ["SNNSIM_DATASETS": directory.file("elsewhere")]
    let (other, named) = try place("\(directory.file("elsewhere"))/w.csv")
    #expect(try SnnsimProcess.run(["check", named], environment: sets).code == 0)
    #expect(try SnnsimProcess.run(["check", named]).code == 2)
    withExtendedLifetime(other) {}
  }

  @Test("A run that is resumed, and its resolved network, read what the run has read")
  func resolved() throws {
    let (directory, path) = try place("w.csv")
    let output = directory.file("elsewhere/out")
    #expect(try SnnsimProcess.run("run", path, "--output", output, "--quiet", "--interrupt-at", "2").code == 130)
    #expect(try SnnsimProcess.run("resume", output, "--quiet").code == 0)
    #expect(try SnnsimProcess.run("run", output + "/net.resolved.json", "--no-record", "--quiet").code == 0)
    // Without the list of what was read it is a network like any other.
    try FileManager.default.moveItem(atPath: output + "/manifest.json", toPath: output + "/other.json")
    #expect(try SnnsimProcess.run("check", output + "/net.resolved.json").code == 2)
  }

  @Test("A pipe in the place of a file is refused, and not waited for")
  func pipe() throws {
    let (directory, path) = try place("pipe.csv")
    try #require(mkfifo(directory.file("net/pipe.csv"), 0o600) == 0)
    let outcome = try SnnsimProcess.run("check", path)
    #expect(outcome.code == 2 && outcome.stderr.contains("pipe.csv"), "\(outcome.stderr)")
  }

  @Test("Names of a network become names of files inside the results directory, or are refused")
  func written() throws {
    let directory = try TemporaryDirectory()
    for (name, code) in [("../n", Int32(2)), ("..", 2), ("a/b", 2), ("/etc/n", 2), (".hidden", 0), ("n%2Fa", 0)] {
      let text = """
        { "format": "snnsim/1", "name": "paths", "run": { "duration": 5 },
          "populations": { "\(name)": { "model": "iaf_psc_exp", "size": 2 } },
          "record": { "\(name)": { "what": "V_m", "of": "\(name)", "every": 1 } } }
        """
      let path = try directory.write(text, to: "net.json")
      let outcome = try SnnsimProcess.run(
        ["run", path, "--quiet", "--output", directory.file("out"), "--force"], in: directory.path)
      #expect(outcome.code == code, "\(name): \(outcome.stderr)")
      #expect(directory.names.allSatisfy { ["net.json", "out"].contains($0) }, "\(directory.names)")
    }
    // Without --output, the directory is named after the network: its name must be one.
    let path = try directory.write(
      network("w.csv").replacingOccurrences(of: #""paths""#, with: #""../../paths""#), to: "net.json")
    _ = try directory.write("8\n9\n", to: "w.csv")
    #expect(try SnnsimProcess.run(["run", path, "--quiet"], in: directory.path).code == 2)
    #expect(directory.names == ["net.json", "out", "w.csv"])
  }

  @Test("A stream's socket takes the place of a socket, never of a file")
  func socket() throws {
    let directory = try TemporaryDirectory()
    let kept = try directory.write("dear", to: "kept")
    let text = """
      { "format": "snnsim/1", "name": "paths", "run": { "duration": 5 },
        "populations": { "n": { "model": "iaf_psc_exp", "size": 2 } }, "stream": { "endpoint": "ipc://\(kept)" } }
      """
    let path = try directory.write(text, to: "net.json")
    let outcome = try SnnsimProcess.run("run", path, "--no-record")
    #expect(outcome.code == 74 && outcome.stderr.contains("no socket"), "\(outcome.stderr)")
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "dear")
  }
}
