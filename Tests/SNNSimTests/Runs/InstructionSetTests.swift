import Foundation
import SNNTestSupport
import Testing

@Suite("Builds for wider vectors", .enabled(if: SnnsimProcess.isBuilt, Comment(rawValue: SnnsimProcess.missing)))
struct InstructionSetTests {
  @Test(
    "Every build that this processor can run gives the bits of the portable one",
    arguments: ["VogelsAbbott2005_CUBA", "VogelsAbbott2005_COBA", "PotjansDiesmann2014", "SparseActivity"])
  func sameBits(network: String) throws {
    func digest(_ build: String) throws -> String {
      let run = try SnnsimProcess.run(
        [
          "run", networkPath(network), "--duration", "100", "--json", "--no-record", "--set",
          network == "SparseActivity" ? "parameters.N=20000" : "run.seed=3",
        ], environment: ["SNNSIM_INSTRUCTIONS": build])
      #expect(run.code == 0, Comment(rawValue: run.stderr))
      return try #require((run.object?["digests"] as? [String: Any])?["spikes"] as? String)
    }
    let portable = try digest("portable")
    for build in ["x86-64-v3", "x86-64-v4"]
    where FileManager.default.isExecutableFile(atPath: SnnsimProcess.binary + "-" + build) {
      #expect(try digest(build) == portable, Comment(rawValue: build))
    }
  }
}
