import Foundation

extension Figure {
  /// The histogram of inter-spike intervals on a logarithmic axis (A) and that of the neurons' CV (B).
  public static func isi(_ input: FigureInput) -> String {
    var canvas = SVGCanvas(title: "\(input.title): inter-spike intervals and their variation")
    let legend = canvas.populationLegend(input.populations, left: 52, top: 6)
    let top = 6 + legend + 10
    let trains = input.populations.map { $0.trains(within: input.window) }
    let intervals = trains.map { $0.flatMap(Statistics.isi).filter { $0 > 0 } }

    let bins = LogBins(intervals.joined(), perDecade: 12)
    let fractions = intervals.map { bins.percent($0) }
    let all = Panel(
      left: 52, top: top, width: 252, height: 130, x: bins.edges[0]...bins.edges[bins.count],
      y: Scale.niceDomain(fractions.flatMap { $0 }, including: 0), xKind: .logarithmic)
    canvas.text("A", x: 6, y: top + 2, size: 10, bold: true)
    for (index, values) in fractions.enumerated() {
      canvas.steps(values, edges: bins.edges, in: all, colour: Palette.colour(index), toBaseline: true)
    }
    all.drawLeftAxis(on: &canvas, title: "Intervals (%)", ticks: 4)
    all.drawBottomAxis(on: &canvas, title: "Inter-spike interval (ms)", ticks: 4)

    let cvs = trains.map { $0.filter { $0.count >= 3 }.map { Statistics.cv(Statistics.isi($0)) } }
    let histograms = Histograms(cvs, bins: 25, reach: 1.2)
    let variation = Panel(
      left: 360, top: top, width: SVGCanvas.width - 360 - 12, height: 130, x: histograms.domain,
      y: Scale.niceDomain(histograms.fractions.flatMap { $0 }.map { 100 * $0 }, including: 0))
    canvas.text("B", x: 318, y: top + 2, size: 10, bold: true)
    canvas.line(
      from: (variation.x(1), variation.top), to: (variation.x(1), variation.bottom), width: 0.5, colour: "#999999", dash: "2 2")
    canvas.draw(histograms, in: variation)
    variation.drawLeftAxis(on: &canvas, title: "Neurons (%)", ticks: 4)
    variation.drawBottomAxis(on: &canvas, title: "CV of intervals", ticks: 4)

    if intervals.allSatisfy(\.isEmpty) {
      all.drawRemark(input.spikeCount == 0 ? "no spikes" : "no neuron spiked twice", on: &canvas)
    }
    if cvs.allSatisfy(\.isEmpty) {
      variation.drawRemark(input.spikeCount == 0 ? "no spikes" : "no neuron spiked thrice", on: &canvas)
    }
    let caption =
      input.captionStart + [
        "A: \(groupedNumber(intervals.reduce(0) { $0 + $1.count })) intervals",
        "B: \(groupedNumber(cvs.reduce(0) { $0 + $1.count })) neurons with 3 spikes or more, dashed: Poisson (CV = 1)",
      ]
    return canvas.document(caption: caption, below: all.bottom + 30)
  }
}

/// Bins of equal ratio over whole powers of ten.
struct LogBins {
  var edges: [Double]
  var count: Int { edges.count - 1 }
  private var lowest: Double
  private var perDecade: Double

  init(_ values: some Sequence<Double>, perDecade: Int) {
    let (low, high) = values.reduce((Double.infinity, 0.0)) { (min($0.0, $1), max($0.1, $1)) }
    let first = low.isFinite ? log10(low).rounded(.down) : 0
    let last = low.isFinite ? max(log10(high).rounded(.up), first + 1) : 3
    edges = (0...Int(last - first) * perDecade).map { pow(10, first + Double($0) / Double(perDecade)) }
    lowest = first
    self.perDecade = Double(perDecade)
  }
  /// How many of a hundred values lie in each bin; nothing when there are no values.
  func percent(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    var counts = [Double](repeating: 0, count: count)
    for x in values { counts[min(max(Int((log10(x) - lowest) * perDecade + 1e-9), 0), count - 1)] += 1 }
    return counts.map { 100 * $0 / Double(values.count) }
  }
}
