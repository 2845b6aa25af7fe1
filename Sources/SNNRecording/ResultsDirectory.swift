import Foundation
import SNNFiles

/// The directory that one run writes to.
public final class ResultsDirectory {
  public let path: String
  /// What a run may leave here; `--force` removes these and nothing else.
  private static let ownNames = [
    "manifest.json", "net.json", "net.resolved.json", "spikes.h5", "spikes.csv", "spikes.npz", "records", "weights",
    "metrics.jsonl", "checkpoints",
  ]

  /// Makes the directory, with those above it, and makes sure that it can be written to.
  ///
  /// An existing directory is taken when it is empty, or with `force` when it holds the results of an earlier run, which are then removed.
  /// Anything else is a ``FileError`` of writing.
  public init(path: String, force: Bool) throws {
    self.path = path
    try Self.makeDirectory(path)
    let found: [String]
    do { found = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw FileError(.write, path, "is not a directory that can be read")
    }
    if !found.isEmpty {
      let isResults = (try? Manifest.isManifest(path: path + "/manifest.json")) == true
      guard isResults else {
        throw FileError(
          .write, path, "is not empty and holds no results of snnsim: it is left alone", hint: "choose another --output")
      }
      guard force else {
        throw FileError(
          .write, path, "holds the results of an earlier run", hint: "--force replaces them, --output DIR writes elsewhere")
      }
      for name in found where Self.ownNames.contains(name) || name.hasSuffix(".part") {
        do { try FileManager.default.removeItem(atPath: path + "/" + name) } catch {
          throw FileError(.write, path + "/" + name, "cannot be replaced", hint: "check the rights of the directory")
        }
      }
    }
    let probe = AtomicFile(path: path + "/manifest.json")
    defer { probe.discard() }
    try OutputFile(path: probe.temporaryPath, shownAs: path).close()
  }

  /// Removes what was written, and the directory when nothing else is in it.
  public func discard() {
    for name in Self.ownNames { try? FileManager.default.removeItem(atPath: path + "/" + name) }
    if (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  public func write(_ manifest: Manifest) throws { try AtomicFile.write(manifest.json.pretty, to: path + "/manifest.json") }

  /// `net.json` (as given) and `net.resolved.json` (every default filled in).
  public func write(network: String, resolved: String) throws {
    try AtomicFile.write(network, to: path + "/net.json")
    try AtomicFile.write(resolved, to: path + "/net.resolved.json")
  }

  /// Where the spikes go: `spikes.h5`, `spikes.csv` or `spikes.npz`.
  public enum SpikeFormat: String, Sendable, CaseIterable { case sonata, csv, npz }

  /// A writer of spikes in this format, for populations of these names.
  public func spikeSink(_ format: SpikeFormat, populations: [String]) throws -> any SpikeSink {
    switch format {
    case .sonata: try SONATASpikeSink(path: path + "/spikes.h5", populations: populations)
    case .csv: try CSVSpikeSink(path: path + "/spikes.csv", populations: populations)
    case .npz: try NPZSpikeSink(path: path + "/spikes.npz", populations: populations)
    }
  }

  /// A writer of `records/<name>.npz`; a "/" in the name becomes "%2F".
  public func sampleWriter(_ name: String, groups: [SampleWriter.Group], variables: [String]) throws -> SampleWriter {
    try Self.makeDirectory(path + "/records")
    return try SampleWriter(path: path + "/records/\(fileName(for: name)).npz", groups: groups, variables: variables)
  }

  /// A writer of `records/<name>.npz` that holds changes.
  public func changeWriter(_ name: String, projections: [String], variable: String) throws -> ChangeWriter {
    try Self.makeDirectory(path + "/records")
    return try ChangeWriter(
      path: path + "/records/\(fileName(for: name)).npz", projections: projections, variable: variable)
  }

  /// A writer of `records/<name>.npz` that holds histograms.
  public func histogramWriter(
    _ name: String, projections: [String], variable: String, bins: HistogramBins
  ) throws -> HistogramWriter {
    try Self.makeDirectory(path + "/records")
    return try HistogramWriter(
      path: path + "/records/\(fileName(for: name)).npz", projections: projections, variable: variable, bins: bins)
  }

  /// A writer of `weights/<projection>.npz`.
  public func weightWriter(_ projection: String) throws -> WeightWriter {
    try Self.makeDirectory(path + "/weights")
    return try WeightWriter(path: path + "/weights/\(fileName(for: projection)).npz")
  }

  private static func makeDirectory(_ path: String) throws {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw FileError(.write, path, "cannot be made as a directory", hint: "check the rights of the directory above it")
    }
  }
}

extension Manifest {
  /// Whether a file is the manifest of some version of snnsim.
  static func isManifest(path: String) throws -> Bool {
    struct Format: Decodable { var format: String }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return try JSONDecoder().decode(Format.self, from: bytes).format.hasPrefix("snnsim-run/")
  }
}

/// A name of the network file as a file name.
func fileName(for name: String) -> String {
  let safe = name.replacingOccurrences(of: "%", with: "%25").replacingOccurrences(of: "/", with: "%2F")
  return safe.hasPrefix(".") ? "%2E" + safe.dropFirst() : safe
}
