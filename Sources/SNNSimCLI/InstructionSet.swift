import CPrimitives
import Foundation

/// The same program built for wider vectors, which the portable one hands over to where the processor has them.
///
/// A release build runs on every x86-64 processor, two doubles at a time. `tools/build` puts builds for x86-64-v3 (AVX2) and
/// x86-64-v4 (AVX-512) beside it, as `snnsim-x86-64-v3` and `snnsim-x86-64-v4`; they give the same bits, because Swift never
/// fuses a product and a sum, and take about half the time. On arm64 every build has NEON, and there is nothing to choose.
enum InstructionSet {
  /// Names a build, or `portable`, instead of the best that the processor has.
  static let variable = "SNNSIM_INSTRUCTIONS"
  static let levels = ["x86-64-v4": 4, "x86-64-v3": 3]

  /// Replaces this process by the best build there is. Returns when that is this one.
  static func handOver(_ arguments: [String] = CommandLine.arguments) {
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      !levels.keys.contains(where: { path.hasSuffix("-" + $0) })
    else { return }
    let wanted = ProcessInfo.processInfo.environment[variable]
    let supported = Int(primitive_x86_level())
    for (name, level) in levels.sorted(by: { $0.value > $1.value }) where level <= supported && wanted ?? name == name {
      let build = path + "-" + name
      // One that is older than this program was not built from the same sources.
      guard let ours = changed(path), let theirs = changed(build), theirs >= ours else { continue }
      // A threaded OpenBLAS would start its own threads as it is loaded, and they spin; each of our calls has one (`SNNDense`).
      setenv("OPENBLAS_NUM_THREADS", "1", 1)
      var words = arguments.map { strdup($0) }
      words.append(nil)
      execv(build, words)
      // Only a failure returns; this program does as well, more slowly.
      for word in words { free(word) }
    }
  }

  private static func changed(_ path: String) -> Date? {
    guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
    return (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }
}
