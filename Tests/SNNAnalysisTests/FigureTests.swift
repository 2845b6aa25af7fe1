import Foundation
import SNNAnalysis
import SNNSignals
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser finds in a figure.
private struct FigureReader {
  var paths: [[String: String]] = []
  var texts: [String] = []
  var attributes: [String: String] = [:]
  let isWellFormed: Bool

  init(_ svg: String) {
    let parser = XMLParser(data: Data(svg.utf8))
    let reader = Collector()
    parser.delegate = reader
    isWellFormed = parser.parse()
    paths = reader.paths
    texts = reader.texts.map { $0.trimmingCharacters(in: .newlines) }
    attributes = reader.root
  }

  private final class Collector: NSObject, XMLParserDelegate {
    var paths: [[String: String]] = []
    var texts: [String] = []
    var root: [String: String] = [:]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String] = [:]
    ) {
      if name == "path" { paths.append(attributes) }
      if name == "svg" { root = attributes }
      if name == "text" || name == "title" { texts.append("") }
    }
    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if !texts.isEmpty { texts[texts.count - 1] += string }
    }
  }
  /// Marks of spikes: each begins with one move.
  var points: Int {
    paths.filter { $0["class"] == "spikes" }.reduce(0) { $0 + $1["d"]!.count { $0 == "m" || $0 == "M" } }
  }
  func says(_ words: String) -> Bool { texts.contains { $0.contains(words) } }
}

@Suite("Figures") struct FigureTests {
  /// Two populations of Poisson neurons.
  private func input(
    title: String = "run", sizes: [Int] = [80, 20], spikesPerNeuron: Int = 8, duration: Double = 1000
  ) throws -> FigureInput {
    let populations = try sizes.enumerated().map { index, size in
      let stream = RandomStream(seed: 4, purpose: .poisson, entity: UInt64(index))
      let times = (0..<size * spikesPerNeuron).map { duration * stream.uniform(index: UInt64($0), draw: 0) }.sorted()
      return try PopulationSpikes(
        name: ["E", "I"][index], size: size, times: times,
        ids: times.indices.map { stream.words(index: UInt64($0), draw: 1).x % UInt32(size) })
    }
    return FigureInput(title: title, seed: 12345, duration: duration, populations: populations)
  }
  private func samples() throws -> [SampleSeries] {
    let times = (1...400).map { 0.5 * Double($0) }
    return [
      try SampleSeries(
        population: "E", variable: "V_m", unit: "mV", times: times, ids: [1, 5],
        values: [times.map { -70 + $0 / 20 }, times.map { -60 - sin($0) }])
    ]
  }
  private func everyFigure(_ input: FigureInput) -> [String] {
    [Figure.raster(input), Figure.rates(input), Figure.isi(input), Figure.traces(input)]
  }

  @Test(
    "Below the limit a raster draws every spike, with rows as strokes or as dots", arguments: [[80, 20], [3, 1], [3000, 7]])
  func drawsEverySpike(_ sizes: [Int]) throws {
    let input = try input(sizes: sizes)
    let figure = FigureReader(Figure.raster(input))
    #expect(figure.points == sizes.reduce(0, +) * 8)
    #expect(figure.says("\(figure.points < 1000 ? "\(figure.points)" : "24,056") spikes"))
    #expect(!figure.says("thinned"))
  }

  @Test("A mark sits at its spike's time and row") func marksAreInPlace() throws {
    var input = try input(sizes: [2], duration: 100)
    input.populations = [try PopulationSpikes(name: "E", size: 2, times: [0, 50, 100], ids: [0, 1, 0])]
    let figure = FigureReader(Figure.raster(input))
    let path = try #require(figure.paths.first { $0["class"] == "spikes" })["d"]!
    let numbers = path.split { !"-0123456789".contains($0) }.flatMap { part in
      part.replacingOccurrences(of: "-", with: " -").split(separator: " ").compactMap { Int($0) }
    }
    // Each mark is dx, dy, stroke: both steps in time are half the width, and the rows are half the height of 50 pt apart.
    #expect(numbers.count == 9)
    let unit = 0.05
    let half = Double(numbers[3]) * unit
    #expect(numbers[3] == numbers[6] || abs(numbers[3] - numbers[6]) == 1)
    #expect(abs(Double(numbers[4] + numbers[2]) * unit + 25) < 2 * unit)
    #expect(abs(Double(numbers[0]) * unit + 2 * half - (180 / 25.4 * 72 - 76)) < 3 * unit)
  }

  @Test("Beyond the limit whole neurons are thinned evenly, the caption says so, and the rates stay") func thins() throws {
    var input = try input(sizes: [400, 100], spikesPerNeuron: 40)
    let whole = FigureReader(Figure.raster(input))
    input.pointLimit = 2000
    let thin = FigureReader(Figure.raster(input))
    #expect(thin.points <= 2000 && thin.points > 1500)
    #expect(thin.says("of 20,000 spikes drawn") && thin.says("of 500 neurons, evenly thinned"))
    #expect(
      thin.paths.last { $0["class"] == nil && $0["stroke"] == "#0072B2" }?["d"]
        == whole.paths.last { $0["class"] == nil && $0["stroke"] == "#0072B2" }?["d"])
    #expect(Figure.raster(input) == Figure.raster(input))
  }

  @Test("A single neuron beyond the limit is thinned by spikes") func thinsOneNeuron() throws {
    var input = try input(sizes: [1], spikesPerNeuron: 1000)
    input.pointLimit = 300
    let figure = FigureReader(Figure.raster(input))
    #expect(figure.points == 250 && figure.says("one spike in 4"))
  }

  @Test("The largest raster stays below 1.5 MB") func size() throws {
    let input = try input(sizes: [4000, 1000], spikesPerNeuron: 10)
    #expect(Figure.raster(input).utf8.count < 1_500_000)
    #expect(FigureReader(Figure.raster(input)).points == 50_000)
  }

  @Test("Axes carry units, captions the run and its seed, and populations their sizes") func labels() throws {
    var input = try input(title: "brunel2000", sizes: [1200, 20])
    input.samples = try samples()
    let figures = everyFigure(input).map(FigureReader.init)
    for figure in figures {
      #expect(figure.isWellFormed && figure.attributes["width"] == "180mm")
      #expect(figure.says("brunel2000 · seed 12345"))
    }
    #expect(figures[0].says("Time (ms)") && figures[0].says("Rate (Hz)") && figures[0].says("n = 1,200"))
    #expect(figures[1].says("Population rate (Hz)") && figures[1].says("Rate of a neuron (Hz)") && figures[1].says("E (1,200)"))
    #expect(
      figures[2].says("Inter-spike interval (ms)") && figures[2].says("CV of intervals") && figures[2].says("Intervals (%)"))
    #expect(figures[3].says("Vm\u{A0}(mV)") && figures[3].says("Time (ms)") && figures[3].says("neuron 5"))
  }

  @Test("Long runs are shown in seconds") func seconds() throws {
    #expect(FigureReader(Figure.raster(try input(duration: 20_000))).says("Time (s)"))
  }

  @Test("Traces mark the spikes of their own neurons only") func traceSpikes() throws {
    var input = try input(duration: 200)
    input.populations = [try PopulationSpikes(name: "E", size: 9, times: [10, 20, 30, 40], ids: [1, 5, 2, 1])]
    input.samples = try samples()
    #expect(FigureReader(Figure.traces(input)).points == 3)
  }

  @Test("A trace of many samples keeps its peaks") func tracePeaks() throws {
    let times = (1...50_000).map { 0.1 * Double($0) }
    let values = times.indices.map { $0 == 31_234 ? 40.0 : -70 }
    var input = try input(duration: 5000)
    input.samples = [
      try SampleSeries(population: "E", variable: "V_m", unit: "mV", times: times, ids: [0], values: [values])
    ]
    let path = try #require(FigureReader(Figure.traces(input)).paths.first { $0["stroke-linejoin"] != nil })["d"]!
    let heights = path.split { "ML".contains($0) }.map { Double($0.split(separator: " ")[1])! }
    // One sample of 40 mV among −70 mV, on an axis from −100 to 50 mV of 110 pt.
    #expect(abs(heights.max()! - heights.min()! - 110.0 * 110 / 150) < 0.02)
  }

  @Test(
    "Any name gives well-formed XML", arguments: ["a & b", "<script>", "\"quoted\" 'x'", "Größe µ 海馬", "bell\u{7} \u{FFFF}", ""])
  func wellFormed(_ name: String) throws {
    var input = try input(title: name)
    input.populations[0] = try PopulationSpikes(name: name, size: 4, times: [1], ids: [3])
    input.samples = [
      try SampleSeries(population: name, variable: name, unit: name, times: [1, 2], ids: [3], values: [[.nan, .infinity]])
    ]
    for figure in everyFigure(input) { #expect(FigureReader(figure).isWellFormed) }
  }

  @Test("A run without spikes, without populations or without length gives figures that say so") func empty() throws {
    let silent = try input(spikesPerNeuron: 0)
    for figure in everyFigure(silent).dropLast().map(FigureReader.init) {
      #expect(figure.isWellFormed && figure.says("no spikes"))
    }
    let nothing = FigureInput(title: "nothing", seed: 1, duration: 0, populations: [])
    for figure in everyFigure(nothing).map(FigureReader.init) { #expect(figure.isWellFormed && figure.says("no ")) }
  }

  @Test("The figure of synapses has a histogram and three lines for each projection, or says what is missing")
  func synapses() throws {
    let course = SynapseCourse("E->E", times: [10, 20], samples: [0, 0.25, 0.5, 0.5, 0.75, 1])
    let final = [SynapseValues(projection: "E->E", values: [0.5, 0.75, 1])]
    let full = FigureReader(Figure.synapses(try input(), final: final, courses: [course], axis: "Weight"))
    #expect(full.isWellFormed && full.says("E->E (3)") && full.says("Weight") && !full.says("not recorded"))
    #expect(full.paths.count { $0["stroke-linejoin"] == "round" } == 4)
    let empty = FigureReader(Figure.synapses(try input(), final: [], courses: [], axis: "Delay (ms)"))
    #expect(empty.isWellFormed && empty.says("no plastic synapses") && empty.says("not recorded over time"))
  }

  @Test("A training's curves have a point an epoch, and each row of the confusion adds up to a hundred") func training() {
    let epochs = (1...5).map { ["epoch": Double($0), "train_accuracy": 0.5 + 0.08 * Double($0), "test_accuracy": 0.8] }
    let course = TrainingCourse(title: "digits", seed: 3, epochs: epochs, confusion: [8, 2, 0, 0, 9, 1, 5, 0, 5])
    let figure = FigureReader(Figure.training(course))
    #expect(figure.isWellFormed && figure.says("Error (%)") && figure.says("test error at the end 20 %"))
    let curves = figure.paths.filter { $0["stroke-linejoin"] == "round" }
    #expect(curves.map { $0["d"]!.count { $0 == "L" } } == [4, 4])
    let cells = figure.texts.filter { ["80", "20", "90", "10", "50"].contains($0) }
    #expect(cells.compactMap(Double.init).reduce(0, +) >= 300)
    let empty = FigureReader(
      Figure.training(TrainingCourse(title: "none", seed: 1, epochs: [["epoch": 1, "loss": 2]], confusion: nil)))
    #expect(empty.isWellFormed && empty.says("no test"))
  }

  @Test("PNG has the pixels of 180 mm at the resolution asked for, and a missing program is a typed error with a hint")
  func png() throws {
    let missing = PNGRenderer(program: "no-such-rsvg-convert")
    #expect(throws: AnalysisError.self) { try missing.png(svg: "<svg/>") }
    let renderer = PNGRenderer(resolution: 100)
    do {
      let picture = [UInt8](try renderer.png(svg: Figure.rates(input())))
      #expect(Array(picture[1..<4]) == Array("PNG".utf8))
      let width = picture[16..<20].reduce(0) { $0 << 8 | Int($1) }
      // 180 mm at 100 pixels an inch.
      #expect(abs(width - 709) <= 1)
    } catch let error as AnalysisError where error.problem.contains("not installed") {
      #expect(error.hint?.contains("librsvg2-bin") == true)
    }
  }
}

@Suite("Ticks") struct ScaleFacts {
  @Test(
    "Labels of an axis are multiples of 1, 2 or 5, whatever the duration",
    arguments: [0.7, 1, 3, 20, 123, 450, 1000, 9999, 60_000])
  func niceTicks(_ duration: Double) throws {
    let input = FigureInput(title: "t", seed: 1, duration: duration, populations: [])
    let figure = FigureReader(Figure.rates(input))
    let labels = figure.texts.compactMap { Double($0.replacingOccurrences(of: ",", with: "")) }
    let time = Array(labels.drop { $0 != 0 })
    #expect(time.count >= 4)
    let steps = Set(zip(time.dropFirst(), time).map { (($0 - $1) * 1e6).rounded() }.filter { $0 > 0 })
    for step in steps {
      let mantissa = step / pow(10, log10(step).rounded(.down))
      #expect([1, 2, 5].contains { abs($0 - mantissa) < 1e-6 })
    }
  }
}
