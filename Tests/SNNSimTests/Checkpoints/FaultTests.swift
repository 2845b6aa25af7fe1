import Foundation
import SNNFiles
import SNNTestSupport
import Testing

/// What happens to a run from outside.
@Suite(.enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
struct FaultTests {
  /// A plastic network that takes about a second and a half.
  static let network = PlasticRunTests.network(StructuralRunsTests.rules[1], "grid").replacingOccurrences(
    of: #""duration": 100"#, with: #""duration": 4000"#
  ).replacingOccurrences(
    of: #""projections""#,
    with:
      #""record": { "s": { "what": "spikes", "of": ["A", "dopamine"] }, "w": { "what": "weight", "of": "learn", "every": 20, "histogram": { "bins": 100, "low": 0, "high": 1 } } }, "projections""#
  )

  /// The undisturbed run of ``network``.
  private static let whole: (directory: TemporaryDirectory, path: String)? = try? {
    let directory = try TemporaryDirectory()
    let path = try directory.write(network, to: "net.json")
    let outcome = try SnnsimProcess.run("run", path, "--quiet", "--output", directory.file("whole"))
    try #require(outcome.code == 0, "\(outcome.stderr)")
    return (directory, directory.file("whole"))
  }()

  /// Starts `arguments`, does `body` after a delay.
  private func run(_ arguments: [String], after seconds: Double, _ body: @escaping (Process) -> Void) throws
    -> SnnsimProcess.Outcome
  {
    try SnnsimProcess.run(arguments) { process in
      usleep(UInt32(seconds * 1e6))
      if process.isRunning { body(process) }
    }
  }

  @Test("A run that is killed at random moments and resumed each time ends as the undisturbed one")
  func killed() throws {
    let whole = try #require(Self.whole)
    let directory = try TemporaryDirectory()
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    var draws = Draws(seed: 8)
    let often = ["--quiet", "--checkpoint-every", "0.1"]
    let first = try run(["run", path, "--output", output] + often, after: 0.5) { kill($0.processIdentifier, SIGKILL) }
    #expect(first.code == 128 + 9)
    for n in 0..<6 {
      let threads = ["--threads", "\(n % 3 + 1)"]
      _ = try run(["resume", output] + often + threads, after: draws.uniform(0.05, 0.6)) { kill($0.processIdentifier, SIGKILL) }
      // A results file is there when it is whole.
      for name in ["spikes.h5", "records/w.npz"] where FileManager.default.fileExists(atPath: output + "/" + name) {
        #expect(FileManager.default.contentsEqual(atPath: output + "/" + name, andPath: whole.path + "/" + name), "\(name)")
      }
    }
    #expect(try SnnsimProcess.run("analyze", output).code == 0)
    #expect(try SnnsimProcess.run("resume", output, "--quiet").code == 0)
    try expectSameResults(whole.path, output)
  }

  @Test("SIGTERM leaves results so far and a directory that can be resumed; SIGUSR1 asks for a checkpoint")
  func signals() throws {
    let whole = try #require(Self.whole)
    let directory = try TemporaryDirectory()
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    let outcome = try run(["run", path, "--output", output, "--threads", "2"], after: 0.6) { process in
      kill(process.processIdentifier, SIGUSR1)
      usleep(200_000)
      kill(process.processIdentifier, SIGTERM)
    }
    #expect(outcome.code == 130 && outcome.stderr.contains("snnsim resume"), "\(outcome.stderr)")
    #expect(CheckpointFolder.numbers(in: output + "/checkpoints") == [1, 2])
    #expect(try SpikeTable.read(path: output + "/spikes.h5", population: "A").times.count > 100)
    #expect(try SnnsimProcess.run("resume", output, "--quiet").code == 0)
    try expectSameResults(whole.path, output)
  }

  /// A directory with two checkpoints of a run that has not ended.
  private func interrupted(_ directory: TemporaryDirectory) throws -> String {
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    #expect(try SnnsimProcess.run("run", path, "--quiet", "--output", output, "--interrupt-at", "300").code == 130)
    #expect(try SnnsimProcess.run("resume", output, "--quiet", "--interrupt-at", "900.5").code == 130)
    return output
  }

  @Test(
    "Where the newest checkpoint is damaged or cut off, the one before it is used, and that is said", arguments: [true, false])
  func damaged(_ isCut: Bool) throws {
    let whole = try #require(Self.whole)
    let directory = try TemporaryDirectory()
    let output = try interrupted(directory)
    let newest = CheckpointFolder.file(2, in: output + "/checkpoints")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: newest))
    if isCut { bytes.removeLast(bytes.count / 3) } else { bytes[bytes.count / 2] ^= 1 }
    try bytes.write(to: URL(fileURLWithPath: newest))
    let outcome = try SnnsimProcess.run("resume", output)
    #expect(outcome.code == 0)
    #expect(outcome.stderr.contains("can't be used") && outcome.stderr.contains("resumed at 300"), "\(outcome.stderr)")
    try expectSameResults(whole.path, output)
  }

  @Test("Where all checkpoints are damaged, or recorded data are gone, the run still ends as it should, or says why not")
  func hopeless() throws {
    let whole = try #require(Self.whole)
    let directory = try TemporaryDirectory()
    let output = try interrupted(directory)
    for number in [1, 2] { truncate(CheckpointFolder.file(number, in: output + "/checkpoints"), 100) }
    let outcome = try SnnsimProcess.run("resume", output)
    #expect(outcome.code == 0 && outcome.stderr.contains("begun again"), "\(outcome.stderr)")
    try expectSameResults(whole.path, output)

    let second = try TemporaryDirectory()
    let other = try interrupted(second)
    try FileManager.default.removeItem(atPath: other + "/unfinished/spikes.h5.rows")
    let refused = try SnnsimProcess.run("resume", other)
    #expect(refused.code == 2 && refused.stderr.contains("recorded data are missing"), "\(refused.stderr)")
  }

  @Test("Two processes do not write into one directory")
  func locked() throws {
    let directory = try TemporaryDirectory()
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    let outcome = try run(["run", path, "--quiet", "--output", output], after: 0.5) { process in
      let second = try? SnnsimProcess.run("resume", output)
      #expect(second?.code == 74 && second?.stderr.contains("still going on") == true, "\(second?.stderr ?? "")")
      kill(process.processIdentifier, SIGTERM)
    }
    #expect(outcome.code == 130)
  }

  @Test("Progress or results that nobody reads any more do not end the run")
  func closedPipe() throws {
    let directory = try TemporaryDirectory()
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "\"$0\" run \"$1\" --output \"$2\" --progress plain 2>&1 | true; exit 0", SnnsimProcess.binary, path, output,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(try manifest(output)["status"] as? String == "done")
  }

  @Test("When nobody reads the results from a pipe any more, everything is written all the same, and the exit code is 74")
  func closedResults() throws {
    let directory = try TemporaryDirectory()
    let (path, output) = (try directory.write(Self.network, to: "net.json"), directory.file("out"))
    let script = #"{ "$0" run "$1" --output "$2" --json; echo $? > "$3"; } | true"#
    let outcome = try SnnsimProcess.run(
      ["-c", script, SnnsimProcess.binary, path, output, directory.file("code")], program: "/bin/sh")
    #expect(outcome.stderr.contains("standard output"), "\(outcome.stderr)")
    #expect(try String(contentsOfFile: directory.file("code"), encoding: .utf8) == "74\n")
    #expect(try manifest(output)["status"] as? String == "done")
  }

  @Test(
    "Where the disk can't be written to, nothing is run, and the exit code is 74",
    .enabled(if: canMount, "needs the right to mount a tmpfs"))
  func readOnly() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network, to: "net.json")
    let script = #"""
      mount -t tmpfs none /mnt && mkdir /mnt/out && mount -o remount,ro /mnt
      "$0" run "$1" --output /mnt/out; echo "within $?"; "$0" run "$1" --output /mnt/new; echo "new $?"
      """#
    let outcome = try SnnsimProcess.run(
      ["unshare", "-rm", "sh", "-c", script, SnnsimProcess.binary, path], program: "/usr/bin/env")
    #expect(outcome.stdout == "within 74\nnew 74\n" && outcome.stderr.contains("/mnt/out"), "\(outcome)")
  }

  private func manifest(_ output: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: output + "/manifest.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// Whether this user may mount a small disk in a name space of its own.
  static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(
    "On a full disk the run ends with 74, what was recorded can be read, and it goes on when there is space",
    .enabled(if: canMount, "needs the right to mount a tmpfs"))
  func fullDisk() throws {
    let whole = try #require(Self.whole)
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network, to: "net.json")
    // The disk is gone with the name space, so everything happens in one script.
    let script = """
      mount -t tmpfs -o size=$3k none "$2" && "$0" run "$1" --quiet --output "$2/out" --checkpoint-every 0.1; echo "first $?"
      "$0" analyze "$2/out" > /dev/null; echo "read $?"
      mount -o remount,size=200m "$2" && "$0" resume "$2/out" --quiet; echo "second $?"
      cp -r "$2/out" "$4"
      """
    for (n, kilobytes) in [700, 1500, 2200].enumerated() {
      let mount = directory.file("disk\(n)")
      try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "unshare", "-rm", "sh", "-c", script, SnnsimProcess.binary, path, mount, "\(kilobytes)", directory.file("copy\(n)"),
      ]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(text == "first 74\nread 0\nsecond 0\n", "\(kilobytes) kB: \(text)")
      try expectSameResults(whole.path, directory.file("copy\(n)"))
    }
  }
}
