import Foundation
import SNNFiles

/// The results of a run, read back.
public struct RunDirectory: Sendable {
  public let path: String
  public let manifest: Manifest

  /// Reads the manifest; spikes and records are read when asked for.
  public init(path: String) throws {
    self.path = path
    manifest = try Manifest.read(path: path + "/manifest.json")
  }

  /// The recorded spikes of one population, from whichever spike file is there.
  public func spikes(of population: String) throws -> SpikeTable {
    guard manifest.recordedPopulations.contains(population) else {
      let names = manifest.recordedPopulations.map { "\"\($0)\"" }.joined(separator: ", ")
      throw FileError(
        .read, path, "has no recorded spikes of \"\(population)\"",
        hint: names.isEmpty ? "no spikes were recorded" : "spikes were recorded of \(names)")
    }
    let files = ["spikes.h5", "spikes.npz", "spikes.csv"].map { path + "/" + $0 }
    if !files.contains(where: FileManager.default.fileExists), let table = try unfinishedSpikes(of: population) { return table }
    guard let file = files.first(where: FileManager.default.fileExists) else {
      throw FileError(.read, path, "has no spikes.h5, spikes.npz or spikes.csv", hint: "the run is \(manifest.status.rawValue)")
    }
    // A line of CSV exists only for a spike: a silent population is not named.
    if file.hasSuffix(".csv"), try !SpikeTable.populations(path: file).contains(population) {
      return SpikeTable(times: [], ids: [])
    }
    return try SpikeTable.read(path: file, population: population)
  }

  /// What a run that has not ended, or was killed, has recorded so far.
  private func unfinishedSpikes(of population: String) throws -> SpikeTable? {
    for name in ["spikes.h5", "spikes.npz"] {
      let path = path + "/unfinished/\(name).rows"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let file = try RowSpoolFile(path: path)
      guard file.contains("\(population)/times") else { return SpikeTable(times: [], ids: []) }
      let (times, ids) = (try file.column("\(population)/times"), try file.ids("\(population)/ids"))
      let count = min(times.count, ids.count)
      return SpikeTable(times: Array(times.prefix(count)), ids: Array(ids.prefix(count)))
    }
    return nil
  }

  /// The file of a record, or what there is of it.
  func recordFile(_ name: String) throws -> any ArrayFile {
    let file = "records/\(fileName(for: name)).npz"
    let unfinished = path + "/unfinished/\(file).rows"
    if !FileManager.default.fileExists(atPath: path + "/" + file), FileManager.default.fileExists(atPath: unfinished) {
      return try RowSpoolFile(path: unfinished)
    }
    return try NPZFile(path: path + "/" + file)
  }

  /// The names of the sampled records, in alphabetical order.
  public var recordNames: [String] { Array(Set(names(in: "records") + names(in: "unfinished/records", ".npz.rows"))).sorted() }

  func names(in folder: String, _ ending: String = ".npz") -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []
    return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)).removingPercentEncoding ?? $0 }.sorted()
  }

  /// The samples of a record; without series when it holds changes or histograms.
  public func record(_ name: String) throws -> SampleRecord {
    try SampleRecord(try recordFile(name))
  }
}

/// A file that ``SampleWriter`` wrote.
public struct SampleRecord: Sendable, Equatable {
  public struct Series: Sendable, Equatable {
    /// `nil` when the record is of one population only.
    public var population: String?
    public var variable: String
    public var ids: [UInt32]
    /// t rows of `ids.count` values, row after row.
    public var values: [Double]

    /// The values of the neuron at this position of `ids`, over time.
    public func trace(_ position: Int) -> [Double] {
      stride(from: position, to: values.count, by: ids.count).map { values[$0] }
    }
  }
  /// In ms.
  public var times: [Double]
  public var series: [Series]

  public init(path: String) throws { try self.init(try NPZFile(path: path)) }

  init(_ file: any ArrayFile) throws {
    let path = file.path
    series = []
    guard try !SynapseRecord.isOfEvents(file) else {
      times = []
      return
    }
    times = try file.column("times")
    for name in file.names where name != "times" {
      let slash = name.lastIndex(of: "/")
      if ["ids", "pre", "post"].contains(slash.map { String(name[name.index(after: $0)...]) } ?? name) { continue }
      let population = slash.map { String(name[..<$0]) }
      let ids = try file.ids(population.map { $0 + "/ids" } ?? "ids")
      let array = try file.array(name)
      guard array.shape == [times.count, ids.count] else {
        throw FileError(.read, path, "array \"\(name)\" has shape \(array.shape) instead of \([times.count, ids.count])")
      }
      let variable = slash.map { String(name[name.index(after: $0)...]) } ?? name
      series.append(Series(population: population, variable: variable, ids: ids, values: array.doubles))
    }
  }
}
