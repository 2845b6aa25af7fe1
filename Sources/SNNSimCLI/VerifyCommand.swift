import ArgumentParser
import SNNKernel
import SNNSignals
import SNNSim

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Runs a network on several numbers of threads and compares the digests.")

  @OptionGroup var network: NetworkOptions

  @Option(help: ArgumentHelp("Numbers of threads, separated by commas.", valueName: "1,2,3,8"))
  var threadsList = "1,2,3,8"

  @Option(help: ArgumentHelp("Also wait at random before tasks, with this seed, to provoke every interleaving.", valueName: "N"))
  var pauses: UInt64?

  private var counts: [Int]? {
    let counts = threadsList.split(separator: ",").map { Int($0.trimmingPrefix(" ")) }
    return counts.allSatisfy { $0.map { (1...1024).contains($0) } ?? false } && !counts.isEmpty ? counts.compactMap { $0 } : nil
  }

  func validate() throws {
    if counts == nil { throw ValidationError("--threads-list takes numbers from 1 to 1024, such as 1,2,3,8.") }
  }

  func run() throws {
    Interruption.watch()
    try reporting {
      let loaded = try network.load()
      var digests: Set<String> = []
      var rows = [["threads", "spikes", "time (s)", "digest", "weights"]]
      for threads in counts ?? [] {
        var settings = RunSettings()
        settings.threads = threads
        settings.records = false
        settings.pauses = pauses.map { PauseInjection(seed: $0) }
        let (report, end) = try loaded.run(settings) { Interruption.isRequested }
        if end == .interrupted { throw ExitStatus.interrupted }
        let weights = report.weightDigest ?? ""
        digests.insert(report.spikeDigest + weights + JSONText.object(report.metrics).line)
        rows.append(
          ["\(threads)", "\(report.spikes)", String(format: "%.3g", report.simulateSeconds), report.spikeDigest, weights])
      }
      print(aligned(rows, rightFrom: 0))
      guard digests.count == 1 else {
        complain("the digests differ: this is a defect of snnsim, please report it with the network file")
        throw ExitStatus.failed
      }
      print("\(loaded.file.name): equal digests on \(threadsList) threads")
    }
  }
}
