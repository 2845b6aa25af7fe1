import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// What scripts rely on: exit codes, what goes to which stream, what lies in a results directory.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct CommandTests {
  static func network(
    _ population: String = #""model": "iaf_psc_delta", "size": 20, "params": { "I_e": 400 }"#, duration: Double = 50,
    more: String = ""
  ) -> String {
    """
    {
      "format": "snnsim/1", "name": "command", "run": { "duration": \(duration), "seed": 6 },
      "populations": { "n": { \(population) } },
      "record": { "spikes": { "what": "spikes", "of": "n" }, "v": { "what": "V_m", "of": "n", "every": 1, "ids": [0, 7] } }
      \(more)
    }
    """
  }

  private func manifest(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  // MARK: Streams and results

  @Test("--json prints exactly one object with the keys of the contract")
  func json() throws {
    let run = try WholeRun(Self.network(), "--threads", "2")
    #expect(run.outcome.stdout.split(separator: "\n").count == 1)
    let object = try #require(run.outcome.object)
    let keys = [
      "name", "seed", "threads", "engine", "biological_ms", "build_s", "simulate_s", "real_time_factor", "neurons", "synapses",
      "spikes", "synaptic_events", "peak_rss_mb", "synapse_bytes", "populations", "digests", "metrics", "output",
    ]
    #expect(Set(object.keys).isSuperset(of: keys))
    #expect(object["name"] as? String == "command" && object["seed"] as? Int == 6 && object["threads"] as? Int == 2)
    #expect((object["engine"] as? [String: String]) == ["n": "grid"])
    #expect(object["biological_ms"] as? Double == 50 && object["neurons"] as? Int == 20)
    let population = try #require((object["populations"] as? [String: [String: Any]])?["n"])
    #expect(Set(population.keys).isSuperset(of: ["size", "spikes", "mean_rate_hz", "cv_isi"]))
    #expect(population["spikes"] as? Int == run.spikeCount)
    let digests = try #require(object["digests"] as? [String: Any])
    #expect((digests["spikes"] as? String)?.count == 64 && digests["weights"] is NSNull)
    #expect(object["metrics"] is [String: Any])
    #expect(object["output"] as? String == run.output)
  }

  @Test("A results directory holds manifest, network, resolved network, spikes and records")
  func layout() throws {
    let run = try WholeRun(Self.network())
    let names = try FileManager.default.contentsOfDirectory(atPath: run.output).sorted()
    #expect(names == ["manifest.json", "net.json", "net.resolved.json", "records", "spikes.h5"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.output + "/records") == ["v.npz"])
    #expect(try String(contentsOfFile: run.output + "/net.json", encoding: .utf8) == Self.network())
    let manifest = try manifest(run.output)
    #expect(manifest["format"] as? String == "snnsim-run/1" && manifest["status"] as? String == "done")
    for key in [
      "version", "git_hash", "host", "threads", "command_line", "seed", "inputs", "started", "ended", "totals", "digests",
    ] {
      #expect(manifest[key] != nil, "manifest.json has no \(key)")
    }
    #expect((manifest["digests"] as? [String: Any])?["spikes"] as? String == run.digest)
    let trace = try run.trace("v", "V_m")
    #expect(trace.ids == [0, 7] && trace.times == (1...50).map(Double.init))
  }

  @Test("The summary goes to standard output, --quiet leaves nothing there, colour never appears outside a terminal")
  func streams() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network(), to: "net.json")
    let plain = try SnnsimProcess.run(["run", path, "--no-record", "--progress", "plain"], in: directory.path)
    #expect(plain.code == 0 && plain.stdout.contains("command: 20 neurons") && plain.stdout.contains("digest"))
    #expect(!plain.stdout.contains("\u{1B}") && !plain.stderr.contains("\u{1B}"))
    let quiet = try SnnsimProcess.run(["run", path, "--no-record", "--quiet"], in: directory.path)
    #expect(quiet.code == 0 && quiet.stdout.isEmpty && quiet.stderr.isEmpty)
    let bare = try SnnsimProcess.run(["run", path], in: directory.path, environment: ["NO_COLOR": "1"])
    #expect(bare.code == 0)
    let runs = try FileManager.default.contentsOfDirectory(atPath: directory.file("runs"))
    #expect(runs.count == 1 && runs[0].hasPrefix("command-"))
  }

  @Test("A run without spikes leaves valid files and null where nothing is defined")
  func silence() throws {
    let run = try WholeRun(Self.network(#""model": "iaf_psc_delta", "size": 20"#))
    #expect(run.spikeCount == 0)
    #expect(try run.spikes("n") == SpikeTable(times: [], ids: []))
    let population = (run.json["populations"] as? [String: [String: Any]])?["n"]
    #expect(population?["cv_isi"] is NSNull && population?["mean_rate_hz"] as? Double == 0)
  }

  @Test("libsonata reads the spikes that the digest speaks of", .enabled(if: Python.has("libsonata"), "needs libsonata"))
  func sonata() throws {
    let run = try WholeRun(Self.network())
    let text = try Python.run(
      """
      import sys, libsonata
      p = libsonata.SpikeReader(sys.argv[1])
      print(sorted(p.get_population_names()), len(p['n'].get()), p['n'].sorting, max(i for i, t in p['n'].get()))
      """, run.output + "/spikes.h5")
    #expect(text == "['n'] \(run.spikeCount) SpikeTimesSorting.by_time 19" || text.hasPrefix("['n'] \(run.spikeCount) "))
  }

  // MARK: Exit codes

  @Test(
    "64: wrong usage",
    arguments: [
      ["run"], ["run", "a.json", "b.json"], ["frobnicate"], ["run", "net.json", "--threads", "0"],
      ["run", "net.json", "--threads", "x"], ["run", "net.json", "--engine", "fast"], ["run", "net.json", "--seed", "x"],
      ["run", "net.json", "--nonsense"], ["verify", "net.json", "--threads-list", "1,zwei"], ["new", "nothing"],
      ["models", "nothing"],
      ["plot", "dir", "nothing"],
    ])
  func usage(_ arguments: [String]) throws {
    let outcome = try SnnsimProcess.run(arguments)
    #expect(outcome.code == 64)
    #expect(outcome.stdout.isEmpty && !outcome.stderr.isEmpty)
  }

  @Test("2: an invalid network is not run, and every error is printed with its place and a hint")
  func invalid() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(#""model": "iaf_psc_detla", "size": 0"#, duration: -5)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory)
    #expect(outcome.code == 2 && outcome.stdout.isEmpty)
    #expect(outcome.stderr.contains("net.json:3:27: populations.n.model") || outcome.stderr.contains("populations.n.model"))
    #expect(
      outcome.stderr.contains("iaf_psc_delta") && outcome.stderr.contains("run.duration") && outcome.stderr.contains("hint:"))
    #expect(!FileManager.default.fileExists(atPath: directory.file("out")))
    #expect(try SnnsimProcess.run("run", directory.file("absent.json")).code == 2)
    #expect(try SnnsimProcess.run("check", directory.file("net.json")).code == 2)
    #expect(try SnnsimProcess.run("plot", directory.path, "raster").code == 2)
    #expect(try SnnsimProcess.run("analyze", directory.path).code == 2)
  }

  @Test("3: a state that is not a number names the neuron", arguments: ["grid", "exact"])
  func notANumber(_ engine: String) throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(
      #""model": "iaf_psc_exp", "size": 20, "params": { "C_m": 0.001 }"#, duration: 50,
      more: """
        , "inputs": { "c": { "type": "dc", "target": "n", "ids": [13], "amplitude": -1e308, "start": 12 } }
        """)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory, "--engine", engine)
    #expect(outcome.code == 3 && outcome.stdout.isEmpty)
    #expect(outcome.stderr.contains("neuron 13") && outcome.stderr.contains(#""n""#) && outcome.stderr.contains("V_m"))
    #expect(try manifest(directory.file("out"))["status"] as? String == "stopped")
  }

  @Test("3: a runaway rate names the population and keeps what was recorded")
  func runaway() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(
      #""model": "iaf_psc_delta", "size": 100, "params": { "I_e": 400, "t_ref": 0.5 }"#, duration: 2000,
      more: """
        , "projections": { "p": { "source": "n", "target": "n", "rule": { "type": "all_to_all" }, "weight": 20, "delay": 1 } }
        """)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory)
    #expect(outcome.code == 3 && outcome.stderr.contains("runaway") && outcome.stderr.contains(#""n""#))
    #expect(try manifest(directory.file("out"))["status"] as? String == "stopped")
    #expect(try SpikeTable.read(path: directory.file("out") + "/spikes.h5", population: "n").times.count > 1000)
  }

  @Test("3: a neuron of the exact engine that fires more than once per step is a runaway, and is named")
  func drivenRunaway() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(
      #""model": "iaf_psc_exp", "engine": "exact", "size": 20, "params": { "t_ref": 0 }"#, duration: 60,
      more: #", "inputs": { "c": { "type": "dc", "target": "n", "ids": [12], "amplitude": 1e8 } }"#)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory)
    #expect(outcome.code == 3 && outcome.stderr.contains("runaway") && outcome.stderr.contains("neuron 12"))
  }

  @Test("A population's engine auto overrides the run's exact, so that a model without that engine runs on the grid")
  func autoOverrides() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(#""model": "aeif_cond_exp", "engine": "auto", "size": 20"#, duration: 20)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory, "--engine", "exact", "--json")
    #expect(outcome.code == 0, "\(outcome.stderr)")
    #expect((outcome.object?["engine"] as? [String: String])?["n"] == "grid")
  }

  @Test("3: stop_when.rate_above stops at its own limit")
  func stopWhen() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(more: #", "stop_when": { "rate_above": { "of": "n", "hz": 10, "window": 20 } }"#)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory)
    #expect(outcome.code == 3 && outcome.stderr.contains("rate_above"))
  }

  @Test(
    "3: a network that cannot fit is refused before it is built, with the memory it would need",
    arguments: [
      (#""size": 2000000"#, #""rule": { "type": "all_to_all" }, "delay": 1, "storage": "stored""#),
      (#""size": 20000000"#, #""rule": { "type": "one_to_one", "autapses": true }, "delay": 6000"#),
    ])
  func memory(_ size: String, _ rule: String) throws {
    let directory = try TemporaryDirectory()
    let text = Self.network(
      #""model": "iaf_psc_exp", "engine": "grid", \#(size)"#,
      more: """
        , "projections": { "p": { "source": "n", "target": "n", \(rule), "weight": 1 } }
        """)
    let outcome = try SnnsimProcess.runNetwork(text, in: directory)
    #expect(outcome.code == 3 && outcome.stderr.contains("memory") && outcome.stderr.contains("GB"))
  }

  @Test("74: results are not overwritten without --force, and a directory that cannot be made is said so")
  func unwritable() throws {
    let directory = try TemporaryDirectory()
    #expect(try SnnsimProcess.runNetwork(Self.network(), in: directory).code == 0)
    let path = directory.file("net.json")
    let before = try String(contentsOfFile: directory.file("out/manifest.json"), encoding: .utf8)
    let again = try SnnsimProcess.run(["run", path, "--output", directory.file("out")], in: directory.path)
    #expect(again.code == 74 && again.stderr.contains("--force") && again.stdout.isEmpty)
    #expect(try String(contentsOfFile: directory.file("out/manifest.json"), encoding: .utf8) == before)
    #expect(try SnnsimProcess.run("run", path, "--output", directory.file("out"), "--force").code == 0)
    #expect(try SnnsimProcess.run("run", path, "--output", "/proc/none/here").code == 74)
    #expect(try SnnsimProcess.run("run", path, "--output", path).code == 74)
    #expect(try SnnsimProcess.run("new", "single", "-o", path).code == 74)
  }

  @Test("130: an interrupted run keeps everything up to where it got, readable, and says so")
  func interrupted() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network(duration: 5e6), to: "net.json")
    let outcome = try SnnsimProcess.run(["run", path, "--json", "--output", directory.file("out")], in: directory.path) {
      process in
      // What is recorded appears when the run has begun.
      let limit = Date().addingTimeInterval(20)
      while Date() < limit {
        if let names = try? FileManager.default.contentsOfDirectory(atPath: directory.file("out")),
          names.contains("unfinished")
        {
          break
        }
        usleep(20_000)
      }
      usleep(500_000)
      kill(process.processIdentifier, SIGINT)
    }
    #expect(outcome.code == 130)
    let object = try #require(outcome.object)
    let reached = try #require(object["biological_ms"] as? Double)
    #expect(reached > 0 && reached < 5e6)
    #expect(try manifest(directory.file("out"))["status"] as? String == "interrupted")
    let spikes = try SpikeTable.read(path: directory.file("out") + "/spikes.h5", population: "n")
    #expect(spikes.times.count == object["spikes"] as? Int && (spikes.times.last ?? 1e9) <= reached)
    let samples = try NPZFile(path: directory.file("out/records/v.npz")).column("times")
    #expect(samples.last == reached.rounded(.down))
  }
}
