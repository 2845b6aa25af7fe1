import Foundation
import SNNTestSupport
import Testing

/// Every network of `networks/`, shortened, stopped half way and resumed.
@Suite(.enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct NetworksResumeTests {
  /// ms, where 60 would end before anything happens that a checkpoint could lose.
  static let durations = ["DiehlCook2015": 1200.0, "PairSTDP": 400, "Sjostrom2001": 400, "SrinivasanPlenzGirvan2025": 300]

  @Test(
    "Half a run, a checkpoint and the rest on other threads give the whole run, byte for byte", arguments: NetworksTests.runnable)
  func resumes(_ name: String) throws {
    let duration = Self.durations[name] ?? 60
    let arguments = ["--duration", "\(duration)"] + (NetworksTests.smaller[name] ?? [])
    // Not at the end of a window of any of them.
    try CutRun(networkPath(name), arguments, at: duration / 2 + 0.1).expectSame()
  }
}
