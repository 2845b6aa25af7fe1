import Foundation
import SNNFiles
import SNNSim
import SNNTestSupport
import SNNTraining
import Testing

/// A training that is cut anywhere, and goes on on other threads, is the training that was not cut.
@Suite struct TrainingResumeTests {
  private static let learners = Catalogue.standard.learners.map { $0.name }

  /// Two tasks of two epochs of three batches: twelve in all.
  private static func network(_ name: String, _ more: String = #""tasks": { "permuted": 2 }, "epochs": 2, "batch": 50"#) -> String
  {
    let learner = Catalogue.standard.learner(name)!
    let layers = learner.entry.fields.contains { $0.name == "layers" } ? #""layers": [12], "# : ""
    let encoder = learner.takesEvents ? #"["standardise", "latency", "times"]"# : #""standardise""#
    return """
      { "format": "snnsim/1", "name": "flowers", "data": { \(TrainingTrial.flowers) },
        "train": { "rule": "\(name)", \(layers)"encoder": \(encoder), "data": "train", "evaluate": "test", \(more) } }
      """
  }

  /// - Parameter batches: after which the training is interrupted.
  private func run(
    _ network: LoadedNetwork, _ output: String, _ start: RunStart = .beginning, threads: Int, until batches: Int? = nil
  ) throws -> (report: RunReport, end: RunEnd) {
    var settings = RunSettings()
    (settings.threads, settings.output, settings.start) = (threads, output, start)
    settings.interruptAt = batches.map { Time(milliseconds: Double($0)) }
    return try network.run(settings)
  }

  @Test("Every learner goes on as if nothing had happened: weights, metrics and confusion, byte for byte", arguments: learners)
  func resumes(_ name: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network(name), to: "net.json")
    let network = try LoadedNetwork(URL(fileURLWithPath: path))
    let (whole, cut) = (directory.file("whole"), directory.file("cut"))
    let undisturbed = try run(network, whole, threads: 2).report
    // Before the first batch, within an epoch, between two epochs, between two tasks, and within an epoch of the second.
    #expect(try run(network, cut, threads: 2, until: 0).end == .interrupted)
    for (n, batches) in [2, 3, 6, 10].enumerated() {
      let start = RunStart.resuming(try ResumableRun(path: cut))
      let end = try run(ResumableRun(path: cut).network(), cut, start, threads: n % 3 + 1, until: batches).end
      #expect(end == .interrupted)
    }
    let last = try run(
      ResumableRun(path: cut).network(), cut, .resuming(try ResumableRun(path: cut)), threads: 3)
    #expect(last.end == .done && last.report.weightDigest == undisturbed.weightDigest)
    #expect(JSONText.object(last.report.metrics).line == JSONText.object(undisturbed.metrics).line)
    try expectSameResults(whole, cut)
  }

  @Test("The best model and its epoch are known across a cut")
  func best() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network("backpropagation", #""epochs": 6, "batch": 20"#)
    let network = try LoadedNetwork(URL(fileURLWithPath: try directory.write(text, to: "net.json")))
    let undisturbed = try run(network, directory.file("whole"), threads: 1).report
    _ = try run(network, directory.file("cut"), threads: 1, until: 31)
    let start = RunStart.resuming(try ResumableRun(path: directory.file("cut")))
    let resumed = try run(network, directory.file("cut"), start, threads: 1).report
    #expect(undisturbed["best_epoch"] >= 1 && resumed["best_epoch"] == undisturbed["best_epoch"])
    try expectSameResults(directory.file("whole"), directory.file("cut"))
    #expect(try metricsWithoutTimes(directory.file("cut")).split(separator: "\n").count == 6)
  }

  @Test("A checkpoint of another training is refused")
  func otherTraining() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(Self.network("backpropagation"), to: "net.json")
    let output = directory.file("out")
    _ = try run(try LoadedNetwork(URL(fileURLWithPath: path)), output, threads: 1, until: 4)
    let other = try LoadedNetwork(URL(fileURLWithPath: path), overrides: [.set("train.batch=25")])
    let start = RunStart.resuming(try ResumableRun(path: output))
    #expect(throws: CheckpointError.self) { try run(other, output, start, threads: 1) }
  }

  @Test(
    "A training that is killed and resumed by the command ends as the undisturbed one",
    .enabled(if: SnnsimProcess.isBuilt, "\(SnnsimProcess.missing)"))
  func killed() throws {
    let directory = try TemporaryDirectory()
    let text = Self.network("backpropagation", #""epochs": 1500, "batch": 10"#)
    let (path, output) = (try directory.write(text, to: "net.json"), directory.file("out"))
    let whole = try SnnsimProcess.run("run", path, "--json", "--output", directory.file("whole"))
    #expect(whole.code == 0, "\(whole.stderr)")
    let often = ["--quiet", "--checkpoint-every", "0.05"]
    var arguments = ["run", path, "--output", output] + often
    for _ in 0..<4 {
      let outcome = try SnnsimProcess.run(arguments) { process in
        usleep(300_000)
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      }
      guard outcome.code != 0 else { break }
      let isBegun = FileManager.default.fileExists(atPath: output + "/manifest.json")
      arguments = (isBegun ? ["resume", output] : ["run", path, "--force", "--output", output]) + often
    }
    let last = try SnnsimProcess.run("resume", output, "--json")
    #expect(last.code == 0, "\(last.stderr)")
    #expect(
      CutRun.text((last.object?["digests"] as? [String: Any])?["weights"])
        == CutRun.text((whole.object?["digests"] as? [String: Any])?["weights"]))
    try expectSameResults(directory.file("whole"), output)
  }
}
