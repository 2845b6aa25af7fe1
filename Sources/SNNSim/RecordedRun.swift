import Foundation
import SNNAnalysis
import SNNDescription
import SNNDynamics
import SNNRecording

/// A results directory read back for figures and statistics.
public struct RecordedRun {
  public let directory: RunDirectory

  public init(path: String) throws { directory = try RunDirectory(path: path) }

  /// The spikes of every population that was recorded.
  public func populations() throws -> [PopulationSpikes] {
    let sizes = Dictionary(directory.manifest.populations.map { ($0.name, $0.size) }) { first, _ in first }
    return try directory.manifest.recordedPopulations.map { name in
      let spikes = try directory.spikes(of: name)
      let size = sizes[name] ?? Int(spikes.ids.max().map { $0 + 1 } ?? 1)
      return try PopulationSpikes(name: name, size: size, times: spikes.times, ids: spikes.ids)
    }
  }

  /// Every recorded state variable, with units from the catalogue.
  public func samples(_ catalogue: Catalogue = .standard) throws -> [SampleSeries] {
    var samples: [SampleSeries] = []
    for name in directory.recordNames {
      let record = try directory.record(name)
      for series in record.series {
        samples.append(
          try SampleSeries(
            population: series.population ?? name, variable: series.variable, unit: catalogue.unit(of: series.variable),
            times: record.times, ids: series.ids, values: series.ids.indices.map(series.trace)))
      }
    }
    return samples
  }

  public func analysis(from: Double = 0) throws -> RunAnalysis {
    var options = AnalysisOptions()
    options.from = from
    options.seed = directory.manifest.seed
    return try RunAnalysis(
      populations: populations(), duration: directory.manifest.biologicalMs, options: options)
  }

  /// The SVG text of a figure.
  public func figure(_ kind: FigureKind) throws -> String {
    let input = try FigureInput(
      title: directory.manifest.name, seed: directory.manifest.seed, duration: directory.manifest.biologicalMs,
      populations: populations(), samples: kind == .traces ? samples() : [])
    return switch kind {
    case .raster: Figure.raster(input)
    case .rates: Figure.rates(input)
    case .isi: Figure.isi(input)
    case .traces: Figure.traces(input)
    }
  }
}

/// The figures of `snnsim plot`.
public enum FigureKind: String, Sendable, CaseIterable { case raster, rates, isi, traces }

extension Catalogue {
  /// The unit of a recorded variable: that of the first model that has it.
  func unit(of variable: String) -> String {
    if variable == "rate" { return "Hz" }
    let states = vocabulary.entries(.neuron).flatMap(\.states)
    return states.first { $0.name == variable }?.unit.rawValue ?? ""
  }
}
