import Foundation
import SNNCompiler
import SNNDescription
import SNNDynamics
import SNNRecording
import SNNSignals

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
  ///   - readable: Files and folders that the network may read beside what lies in its own directory and those of data sets.
  /// - Throws: `DescriptionErrors` with every error of the file; ``GuardStop`` when its neurons alone are more than memory holds.
  public init(
    _ url: URL, name: String? = nil, overrides: [Override] = [], catalogue: Catalogue = .standard,
    environment: [String: String] = ProcessInfo.processInfo.environment, readable: [String] = []
  ) throws {
    let reader = Self.reader(catalogue, environment, url, readable)
    file = try reader.read(url, name: name, overrides: overrides)
    let available = MemoryLimit.available
    plan = try Self.plan(file, catalogue, available)
    training = try Self.training(file, catalogue, available)
    text = (try? Data(contentsOf: url)) ?? Data()
    self.url = url
    self.catalogue = catalogue
    self.overrides = overrides
  }

  /// The same of a text that stands for `url`.
  /// - Parameter available: bytes of memory.
  package init(
    _ text: Data, _ url: URL, overrides: [Override] = [], catalogue: Catalogue,
    environment: [String: String] = ProcessInfo.processInfo.environment, readable: [String] = [],
    available: Double = MemoryLimit.available
  ) throws {
    file = try Self.reader(catalogue, environment, url, readable).read(
      text, name: url.path, directory: url.deletingLastPathComponent(), overrides: overrides)
    plan = try Self.plan(file, catalogue, available)
    training = try Self.training(file, catalogue, available)
    self.text = text
    self.url = url
    self.catalogue = catalogue
    self.overrides = overrides
  }

  private static func reader(
    _ catalogue: Catalogue, _ environment: [String: String], _ url: URL, _ readable: [String]
  ) -> NetworkFileReader {
    let directory = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    return NetworkFileReader(
      vocabulary: catalogue.vocabulary,
      searchPaths: NetworkFileReader.standardSearchPaths(environment: environment, currentDirectory: directory),
      readable: readable.map { URL(fileURLWithPath: $0).standardizedFileURL.path } + inputsOfRun(url))
  }

  /// What the run has read whose resolved network this is: the manifest beside it lists that.
  private static func inputsOfRun(_ url: URL) -> [String] {
    guard url.lastPathComponent == "net.resolved.json" else { return [] }
    let manifest = try? Manifest.read(path: url.deletingLastPathComponent().appendingPathComponent("manifest.json").path)
    return manifest?.inputs.map(\.path) ?? []
  }

  private static func plan(_ file: NetworkFile, _ catalogue: Catalogue, _ available: Double) throws -> NetworkPlan {
    do {
      return try Compiler(catalogue: catalogue, data: .files).plan(file, available: available)
    } catch let shortage as MemoryShortage {
      throw GuardStop(memory: shortage.bytes, "\(numberText(shortage.neurons)) neurons and sources", available: available)
    }
  }

  private static func training(
    _ file: NetworkFile, _ catalogue: Catalogue, _ available: Double
  ) throws -> PlannedTraining? {
    try file.train.map { try PlannedTraining($0, file.data, catalogue, available: available) }
  }

  /// The network with every default and unit filled in; running it gives the same digests.
  public var resolvedText: String {
    ResolvedNetwork(file, vocabulary: catalogue.vocabulary).text
  }
}
