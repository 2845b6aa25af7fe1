extension Figure {
  /// Population rates against time (A) and the histogram of the rates of single neurons (B).
  public static func rates(_ input: FigureInput) -> String {
    var canvas = SVGCanvas(title: "\(input.title): population rates and rates of neurons")
    let legend = canvas.populationLegend(input.populations, left: 52, top: 6)
    let top = 6 + legend + 10
    let time = TimeAxis(duration: input.duration)

    let over = Panel(
      left: 52, top: top, width: 252, height: 130, x: time.domain,
      y: Scale.niceDomain(input.populationRates.flatMap { $0 }, including: 0))
    canvas.text("A", x: 6, y: top + 2, size: 10, bold: true)
    canvas.populationRates(input, in: over, time: time)
    over.drawLeftAxis(on: &canvas, title: "Population rate (Hz)", ticks: 4)
    over.drawBottomAxis(on: &canvas, title: time.title, ticks: 5)

    let neuronRates = input.populations.map { population in
      population.trains(within: input.window).map { Statistics.meanFiringRate($0, within: input.window) }
    }
    let histograms = Histograms(neuronRates, bins: 25, quantum: 1000 / time.end)
    let single = Panel(
      left: 360, top: top, width: SVGCanvas.width - 360 - 12, height: 130, x: histograms.domain,
      y: Scale.niceDomain(histograms.fractions.flatMap { $0 }.map { 100 * $0 }, including: 0))
    canvas.text("B", x: 318, y: top + 2, size: 10, bold: true)
    canvas.draw(histograms, in: single)
    single.drawLeftAxis(on: &canvas, title: "Neurons (%)", ticks: 4)
    single.drawBottomAxis(on: &canvas, title: "Rate of a neuron (Hz)", ticks: 4)
    if input.spikeCount == 0 {
      over.drawRemark("no spikes", on: &canvas)
      single.drawRemark("no spikes", on: &canvas)
    }
    let caption =
      input.captionStart + [
        "A: bins of \(shortNumber(input.rateBin)) ms", "B: bins of \(shortNumber(histograms.width)) Hz, silent neurons as 0 Hz",
      ]
    return canvas.document(caption: caption, below: over.bottom + 30)
  }
}

/// Histograms of several lists of numbers ≥ 0 over the same bins from 0 on.
struct Histograms {
  var width: Double
  var count: Int
  /// Per list, the fraction of its entries in each bin.
  var fractions: [[Double]]
  var edges: [Double] { (0...count).map { Double($0) * width } }
  var domain: ClosedRange<Double> { 0...(Double(count) * width) }

  /// About `bins` bins of a nice width; `nan` entries are left out. At least up to `reach`.
  /// Numbers that come in steps of `quantum` only, as rates of counts do, get bins of whole steps, lest every other bin be empty.
  init(_ lists: [[Double]], bins: Int, reach: Double = 0, quantum: Double? = nil) {
    let largest = max(lists.joined().filter(\.isFinite).max() ?? 0, reach)
    let nice = largest > 0 ? Scale.niceStep(largest / Double(bins)) : 1
    let width = quantum.map { (nice / $0 - 1e-9).rounded(.up) * $0 } ?? nice
    let count = largest > 0 ? Int((largest / width + 1e-9).rounded(.down)) + 1 : 1
    self.width = width
    self.count = count
    fractions = lists.map { list in
      var counts = [Double](repeating: 0, count: count)
      let finite = list.filter(\.isFinite)
      // Slack of a billionth of a bin: numbers on an edge belong to the bin it begins.
      for x in finite { counts[min(Int(x / width + 1e-9), count - 1)] += 1 }
      return finite.isEmpty ? [] : counts.map { $0 / Double(finite.count) }
    }
  }
}

extension SVGCanvas {
  /// Outlines in percent, in the colours of the populations.
  mutating func draw(_ histograms: Histograms, in panel: Panel) {
    for (index, fractions) in histograms.fractions.enumerated() {
      steps(fractions.map { 100 * $0 }, edges: histograms.edges, in: panel, colour: Palette.colour(index), toBaseline: true)
    }
  }
}
