import Foundation
import SNNFuzzTargets
import Testing

/// Inputs that `tools/fuzz` has found: seeds, one for each path through a reader, and those that once broke it.
@Suite(.serialized) struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus").path

  @Test(
    "Every input that fuzzing has kept is read or refused within seconds, by every reader of strangers' bytes",
    .timeLimit(.minutes(2)), arguments: FuzzTarget.all.map(\.name))
  func replays(_ name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(Self.folder)/\(name)").sorted()
    #expect(files.count > 2)
    for file in files {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name)/\(file)"))
      let began = ContinuousClock.now
      target.read(Array(bytes))
      // A second in a release build; this one is not optimised.
      #expect(ContinuousClock.now - began < .seconds(10), "\(name)/\(file)")
    }
  }
}
