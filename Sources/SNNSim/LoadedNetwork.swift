import Foundation
import SNNCompiler
import SNNDescription
import SNNDynamics

/// A network file read and checked, with everything known that can be known before building.
public struct LoadedNetwork: Sendable {
  public let url: URL
  public let text: Data
  public let file: NetworkFile
  public let plan: NetworkPlan
  /// What the section `train` asks for.
  public let training: PlannedTraining?
  public let catalogue: Catalogue
  /// What replaced values of the text.
  public let overrides: [Override]

  /// - Parameters:
  ///   - url: The network file.
  ///   - name: What the file is called in messages.
  ///   - overrides: Values that replace those of the file, as `--set` gives them.
  ///   - catalogue: The models, inputs and rules that the file may name.
  ///   - environment: Where `SNNSIM_DATASETS` is looked up.
  /// - Throws: `DescriptionErrors` with every error of the file.
  public init(
    _ url: URL, name: String? = nil, overrides: [Override] = [], catalogue: Catalogue = .standard,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    file = try Self.reader(catalogue, environment).read(url, name: name, overrides: overrides)
    plan = try Compiler(catalogue: catalogue, data: .files).plan(file, available: MemoryLimit.available)
    training = try Self.training(file, catalogue)
    text = (try? Data(contentsOf: url)) ?? Data()
    self.url = url
    self.catalogue = catalogue
    self.overrides = overrides
  }

  /// The same of a text that stands for `url`.
  init(
    _ text: Data, _ url: URL, overrides: [Override] = [], catalogue: Catalogue,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    file = try Self.reader(catalogue, environment).read(
      text, name: url.path, directory: url.deletingLastPathComponent(), overrides: overrides)
    plan = try Compiler(catalogue: catalogue, data: .files).plan(file, available: MemoryLimit.available)
    training = try Self.training(file, catalogue)
    self.text = text
    self.url = url
    self.catalogue = catalogue
    self.overrides = overrides
  }

  private static func reader(_ catalogue: Catalogue, _ environment: [String: String]) -> NetworkFileReader {
    let directory = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    return NetworkFileReader(
      vocabulary: catalogue.vocabulary,
      searchPaths: NetworkFileReader.standardSearchPaths(environment: environment, currentDirectory: directory))
  }

  private static func training(_ file: NetworkFile, _ catalogue: Catalogue) throws -> PlannedTraining? {
    try file.train.map { try PlannedTraining($0, file.data, catalogue) }
  }

  /// The network with every default and unit filled in; running it gives the same digests.
  public var resolvedText: String {
    ResolvedNetwork(file, vocabulary: catalogue.vocabulary).text
  }
}
