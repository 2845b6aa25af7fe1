import Foundation
import SNNSignals

/// Reads network files: from text with positions to a ``NetworkFile``, or to every error at once.
public struct NetworkFileReader: Sendable {
  public var vocabulary: Vocabulary
  /// Where `{"file"}` values are looked for, after the directory of the network file.
  public var searchPaths: [URL]
  /// Files and folders that a network may read beside what lies in these directories.
  public var readable: [String]

  public init(vocabulary: Vocabulary, searchPaths: [URL] = [], readable: [String] = []) {
    self.vocabulary = vocabulary
    self.searchPaths = searchPaths
    self.readable = readable
  }

  /// Bytes of the largest network file that is read: lists of more numbers than that belong into files of data.
  public static let largestFile = 256 << 20

  /// `$SNNSIM_DATASETS`, `datasets/` and `../shared/datasets/` below the current directory.
  public static func standardSearchPaths(environment: [String: String], currentDirectory: URL) -> [URL] {
    let given = environment["SNNSIM_DATASETS"].map { [URL(fileURLWithPath: $0, isDirectory: true)] } ?? []
    return given + [
      currentDirectory.appendingPathComponent("datasets", isDirectory: true),
      currentDirectory.appendingPathComponent("../shared/datasets", isDirectory: true).standardizedFileURL,
    ]
  }

  /// Reads the file at `url`; `name` stands for it in error messages.
  public func read(_ url: URL, name: String? = nil, overrides: [Override] = []) throws(DescriptionErrors) -> NetworkFile {
    let name = name ?? url.relativePath
    let place = SourceLocation(file: name, line: 0, column: 0, path: "")
    let found: Data?
    do {
      found = try Self.content(of: url)
    } catch {
      let reason = FileManager.default.fileExists(atPath: url.path) ? "can't be read" : "there is no such file"
      throw DescriptionErrors([DescriptionError(place, reason)])
    }
    guard let data = found else {
      let reason = "is larger than \(Self.largestFile >> 20) MiB"
      throw DescriptionErrors([DescriptionError(place, reason, hint: "put long lists into files: {\"file\": \"w.npy\"}")])
    }
    return try read(data, name: name, directory: url.deletingLastPathComponent(), overrides: overrides)
  }

  /// `nil` when the file is larger than ``largestFile``.
  private static func content(of url: URL) throws -> Data? {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    // A pipe has no end to go to: what comes is taken as far as it may.
    if let size = try? file.seekToEnd() {
      if size > largestFile { return nil }
      try file.seek(toOffset: 0)
    }
    let data = try file.read(upToCount: largestFile + 1) ?? Data()
    return data.count > largestFile ? nil : data
  }

  /// Reads `data`, which is called `name` in error messages; relative paths are looked for in `directory` first.
  public func read(
    _ data: Data, name: String, directory: URL? = nil, overrides: [Override] = []
  ) throws(DescriptionErrors) -> NetworkFile {
    let tree: JSONTree
    do throws(JSONTree.Problem) {
      tree = try JSONTree(data)
    } catch {
      throw DescriptionErrors([Self.located(error, in: name)])
    }
    var reading = NetworkReading(
      vocabulary: vocabulary, fileName: name, directory: directory, searchPaths: searchPaths, readable: readable)
    reading.errors = tree.problems.map { Self.located($0, in: name) }
    let root = reading.apply(overrides, to: tree.root)
    let network = reading.network(Node(value: root, path: ""))
    guard reading.errors.isEmpty, let network else { throw DescriptionErrors(reading.errors) }
    return network
  }

  private static func located(_ problem: JSONTree.Problem, in file: String) -> DescriptionError {
    DescriptionError(
      SourceLocation(file: file, line: Int(problem.line), column: Int(problem.column), path: problem.path),
      problem.problem, hint: problem.hint)
  }
}
