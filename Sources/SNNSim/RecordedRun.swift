import Foundation
import SNNAnalysis
import SNNDescription
import SNNDynamics
import SNNRecording

/// A results directory read back for figures and statistics.
public struct RecordedRun {
  public let directory: RunDirectory

  public init(path: String) throws { directory = try RunDirectory(path: path) }

  /// ms; of a run that did not end, until the last recorded spike.
  private func duration(_ populations: [PopulationSpikes]) -> Double {
    let told = directory.manifest.biologicalMs
    return told > 0 ? told : populations.compactMap(\.times.last).max() ?? 0
  }

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
    let populations = try populations()
    return try RunAnalysis(populations: populations, duration: duration(populations), options: options)
  }

  private func synapses(_ input: FigureInput, _ variable: String, axis: String) throws -> String {
    let (final, courses) = try synapses(variable)
    return Figure.synapses(input, final: final, courses: courses, axis: axis)
  }

  /// The weights or delays of plastic projections: at the end, and over time where a record has them.
  public func synapses(_ variable: String) throws -> (final: [SynapseValues], courses: [SynapseCourse]) {
    let final = try directory.plasticProjections.map {
      SynapseValues(projection: $0, values: try directory.final(variable, of: $0))
    }
    // A record of one projection does not name it; where there is but one, it is that.
    let only = final.count == 1 ? final[0].projection : nil
    let courses = try directory.recordNames.flatMap { name in
      try directory.synapseRecords(name, variable).map { record in
        let projection = record.projection ?? only ?? name
        return switch record.values {
        case .samples(let values): SynapseCourse(projection, times: record.times, samples: values)
        case .changes(let ids, let values):
          SynapseCourse(
            projection, changes: record.times, ids: ids, values: values, duration: directory.manifest.biologicalMs)
        case .histograms(let edges, let counts):
          SynapseCourse(projection, times: record.times, edges: edges, counts: counts)
        }
      }
    }
    return (final, courses)
  }

  /// The SVG text of a figure.
  public func figure(_ kind: FigureKind) throws -> String {
    if kind == .training { return try trainingFigure() }
    let populations = try populations()
    let input = try FigureInput(
      title: directory.manifest.name, seed: directory.manifest.seed, duration: duration(populations),
      populations: populations, samples: kind == .traces ? samples() : [])
    return switch kind {
    case .raster: Figure.raster(input)
    case .rates: Figure.rates(input)
    case .isi: Figure.isi(input)
    case .traces: Figure.traces(input)
    case .weights: try synapses(input, "weight", axis: "Weight")
    case .delays: try synapses(input, "delay", axis: "Delay (ms)")
    case .training: try trainingFigure()
    }
  }

  private func trainingFigure() throws -> String {
    let manifest = directory.manifest
    return Figure.training(
      TrainingCourse(
        title: manifest.name, seed: manifest.seed, epochs: try directory.metrics(), confusion: try directory.confusion()))
  }
}

/// The figures of `snnsim plot`.
public enum FigureKind: String, Sendable, CaseIterable { case raster, rates, isi, traces, weights, delays, training }

extension Catalogue {
  /// The unit of a recorded variable: that of the first model that has it.
  func unit(of variable: String) -> String {
    if variable == "rate" { return "Hz" }
    let states = vocabulary.entries(.neuron).flatMap(\.states)
    return states.first { $0.name == variable }?.unit.rawValue ?? ""
  }
}
