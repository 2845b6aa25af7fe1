import Foundation
import SNNFiles

/// The directory that one run writes to.
public final class ResultsDirectory {
  public let path: String
  /// What a run may leave here; `--force` removes these and nothing else.
  private static let ownNames = [
    "manifest.json", "net.json", "net.resolved.json", "spikes.h5", "spikes.csv", "spikes.npz", "records", "weights",
    "metrics.jsonl", "models", "confusion.npz", "checkpoints", "unfinished",
  ]
  /// Whether an earlier process began this run.
  public let isContinued: Bool
  /// Holds the lock on the directory.
  private let descriptor: Int32

  /// Makes the directory, with those above it, and makes sure that it can be written to.
  ///
  /// An existing directory is taken when it is empty, or with `force` when it holds the results of an earlier run, which are then removed.
  /// Anything else is a ``FileError`` of writing.
  public init(path: String, force: Bool) throws {
    self.path = path
    isContinued = false
    try Self.makeDirectory(path)
    descriptor = try Self.lock(path)
    let found: [String]
    do { found = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw FileError(.write, path, "is not a directory that can be read")
    }
    if !found.isEmpty {
      // A run that was killed at once may have got no further than to its network.
      let isBegun =
        found.contains("net.resolved.json") && found.allSatisfy { $0.hasPrefix("net.") || $0.hasSuffix(".part") }
      let isResults = isBegun || (try? Manifest.isManifest(path: path + "/manifest.json")) == true
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
    try checkWriting()
  }

  /// Takes the directory of a run that did not end.
  /// - Parameter keepsRows: whether what it has recorded counts, as far as a checkpoint says.
  public init(continuing path: String, keepsRows: Bool) throws {
    self.path = path
    isContinued = keepsRows
    descriptor = try Self.lock(path)
    // What a killed process was just making.
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [] where name.hasSuffix(".part") {
      unlink(path + "/" + name)
    }
    try checkWriting()
  }

  deinit { close(descriptor) }

  private func checkWriting() throws {
    let probe = AtomicFile(path: path + "/manifest.json")
    defer { probe.discard() }
    try OutputFile(path: probe.temporaryPath, shownAs: path).close()
  }

  /// Keeps other processes from writing into the directory as long as this one lives. File systems without locks let it be.
  private static func lock(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.write, path, "is not a directory that can be read") }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw FileError(
        .write, path, "belongs to a run that is still going on", hint: "wait for its end, or choose another --output")
    }
    return descriptor
  }

  /// Where checkpoints are kept.
  public var checkpoints: String { path + "/checkpoints" }
  /// What is recorded until the run ends, in files that are only appended to.
  public var unfinished: String { path + "/unfinished" }

  /// Removes what only a continuation needs: the run is over, and its results have their files.
  public func finish() { try? FileManager.default.removeItem(atPath: unfinished) }

  /// Collects the rows of one of the results files.
  private func spool(for file: String) throws -> RowSpool {
    try RowSpool(path: try collected(file), shownAs: path + "/" + file, isContinued: isContinued)
  }
  private func collected(_ file: String) throws -> String {
    let place = unfinished + "/" + file + ".rows"
    try Self.makeDirectory(NSString(string: place).deletingLastPathComponent)
    return place
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
    case .sonata:
      try SpooledSpikeSink.sonata(path: path + "/spikes.h5", populations: populations, spool: try spool(for: "spikes.h5"))
    case .csv:
      try CSVSpikeSink(
        path: path + "/spikes.csv", populations: populations, collected: try collected("spikes.csv"), isContinued: isContinued)
    case .npz:
      try SpooledSpikeSink.npz(path: path + "/spikes.npz", populations: populations, spool: try spool(for: "spikes.npz"))
    }
  }

  /// A writer of `records/<name>.npz`; a "/" in the name becomes "%2F".
  public func sampleWriter(_ name: String, groups: [SampleWriter.Group], variables: [String]) throws -> SampleWriter {
    try Self.makeDirectory(path + "/records")
    let file = "records/\(fileName(for: name)).npz"
    return try SampleWriter(path: path + "/" + file, groups: groups, variables: variables, spool: try spool(for: file))
  }

  /// A writer of `records/<name>.npz` that holds changes.
  public func changeWriter(_ name: String, projections: [String], variable: String) throws -> ChangeWriter {
    try Self.makeDirectory(path + "/records")
    let file = "records/\(fileName(for: name)).npz"
    return try ChangeWriter(path: path + "/" + file, projections: projections, variable: variable, spool: try spool(for: file))
  }

  /// A writer of `records/<name>.npz` that holds histograms.
  public func histogramWriter(
    _ name: String, projections: [String], variable: String, bins: HistogramBins
  ) throws -> HistogramWriter {
    try Self.makeDirectory(path + "/records")
    let file = "records/\(fileName(for: name)).npz"
    return try HistogramWriter(
      path: path + "/" + file, projections: projections, variable: variable, bins: bins, spool: try spool(for: file))
  }

  /// A writer of `weights/<projection>.npz`.
  public func weightWriter(_ projection: String) throws -> WeightWriter {
    try Self.makeDirectory(path + "/weights")
    return try WeightWriter(path: path + "/weights/\(fileName(for: projection)).npz")
  }

  /// A writer of `metrics.jsonl`.
  public func metricsWriter() throws -> MetricsWriter {
    try MetricsWriter(path: path + "/metrics.jsonl", isContinued: isContinued)
  }

  /// The path of `models/<name>.npz`, in a folder that exists.
  public func modelPath(_ name: String) throws -> String {
    try Self.makeDirectory(path + "/models")
    return path + "/models/\(name).npz"
  }

  /// `confusion.npz`: `counts`, by the class that samples have, then the one they were given; `unanswered`, by class.
  public func write(confusion counts: [UInt32], unanswered: [UInt32]) throws {
    let classes = unanswered.count
    try NPZFile.write(
      [("counts", NPYArray(counts, shape: [classes, classes])), ("unanswered", NPYArray(unanswered))],
      to: path + "/confusion.npz")
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
