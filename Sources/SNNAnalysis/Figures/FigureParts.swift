/// Milliseconds or seconds, whichever reads better on the time axis of a run.
struct TimeAxis {
  let unit: String
  /// Times in ms times this are in the axis' unit.
  let factor: Double
  let end: Double
  var domain: ClosedRange<Double> { 0...(end * factor) }
  var title: String { "Time (\(unit))" }

  init(duration: Double) {
    (unit, factor) = duration >= 10_000 ? ("s", 1e-3) : ("ms", 1)
    // A run of no length still gets an axis.
    end = duration > 0 ? duration : 1
  }
}

extension FigureInput {
  var spikeCount: Int { populations.reduce(0) { $0 + $1.times.count } }
  var window: ClosedRange<Double> { 0...TimeAxis(duration: duration).end }

  /// Bin of a rate over time, ms: about 200 bins, fewer when there are few spikes, a nice number.
  var rateBin: Double { Scale.niceStep(TimeAxis(duration: duration).end / Double(min(200, max(20, spikeCount / 5)))) }
}

extension SVGCanvas {
  /// One row of coloured squares with population names and sizes, wrapped to the width. Returns the height taken.
  mutating func populationLegend(_ populations: [PopulationSpikes], left: Double, top: Double) -> Double {
    legend(populations.map { ($0.name, $0.size) }, left: left, top: top)
  }

  /// The same for anything with a name and a number of parts.
  mutating func legend(_ entries: [(name: String, size: Int)], left: Double, top: Double) -> Double {
    var (x, y) = (left, top)
    for (index, entry) in entries.enumerated() {
      let label = "\(entry.name.shortened(to: 30)) (\(groupedNumber(entry.size)))"
      let width = 11 + Double(label.count) * 5 + 12
      if x + width > Self.width, x > left { (x, y) = (left, y + 11) }
      rectangle(x: x, y: y, width: 6, height: 6, fill: Palette.colour(index))
      text(label, x: x + 9, y: y + 6)
      x += width
    }
    return entries.isEmpty ? 0 : y - top + 11
  }

  /// The population's name, colour and size beside its panel.
  mutating func populationLabel(_ population: PopulationSpikes, index: Int, x: Double, middle: Double, height: Double) {
    let name = population.name.shortened(to: 12)
    let twoLines = height >= 22
    let y = middle + (twoLines ? -1.5 : 2.8)
    rectangle(x: x, y: y - 6, width: 6, height: 6, fill: Palette.colour(index))
    text(twoLines ? name : "\(name.shortened(to: 7)) \(groupedNumber(population.size))", x: x + 9, y: y)
    if twoLines { text("n = \(groupedNumber(population.size))", x: x + 9, y: y + 9.5, size: 7, colour: "#555555") }
  }

  /// A rate (or any histogram) as a line of steps. `edges` has one entry more than `values`.
  mutating func steps(_ values: [Double], edges: [Double], in panel: Panel, colour: String, toBaseline: Bool = false) {
    guard let first = values.first else { return }
    let start = toBaseline ? 0 : first
    var commands = "M\(Self.length(panel.x(edges[0]))) \(Self.length(panel.y(start)))"
    var current = Self.length(panel.y(start))
    for (i, value) in values.enumerated() {
      let y = Self.length(panel.y(value))
      if y != current { commands += "V\(y)" }
      current = y
      // Equal neighbours share one stroke.
      if i + 1 == values.count || Self.length(panel.y(values[i + 1])) != y {
        commands += "H\(Self.length(panel.x(edges[i + 1])))"
      }
    }
    if toBaseline { commands += "V\(Self.length(panel.y(0)))" }
    path(commands, colour: colour, width: 0.8, attributes: "stroke-linejoin=\"round\"")
  }

  /// Population rates against time.
  mutating func populationRates(_ input: FigureInput, in panel: Panel, time: TimeAxis) {
    let bins = Binning(input.window, width: input.rateBin)
    let edges = (0...bins.count).map { Double($0) * bins.width * time.factor }
    for (index, rate) in input.populationRates.enumerated() where input.populations[index].size > 0 {
      steps(rate, edges: edges, in: panel, colour: Palette.colour(index))
    }
  }
}

extension FigureInput {
  var populationRates: [[Double]] {
    populations.map { population in
      Statistics.populationRate(population.times, size: population.size, bins: Binning(window, width: rateBin))
    }
  }
}

extension String {
  /// At most so many characters, an ellipsis in place of the rest.
  func shortened(to limit: Int) -> String { count <= limit ? self : prefix(limit - 1) + "…" }
}
