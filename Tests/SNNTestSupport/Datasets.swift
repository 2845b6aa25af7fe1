import Foundation

/// The data sets that are too large to commit, in `$SNNSIM_DATASETS`, `datasets/` or beside the package; tests of them are
/// skipped where they are not.
public enum Datasets {
  private static let folders: [String] = {
    let root = SnnsimProcess.root.path
    let given = ProcessInfo.processInfo.environment["SNNSIM_DATASETS"].map { [$0] } ?? []
    return given + [root + "/datasets", root + "/../shared/datasets"]
  }()

  /// The path of a file or folder below one of them; nil without it.
  public static func path(_ name: String) -> String? {
    folders.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
  }

  /// For the comment of `.enabled(if:)`.
  public static func missing(_ name: String) -> String {
    "needs \(name): tools/datasets fetches it, SNNSIM_DATASETS says where it is"
  }
}
