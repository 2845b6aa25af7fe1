extension Figure {
  /// At most so many neurons of a record are drawn.
  static let traceLimit = 6

  /// Sampled state variables against time: a row for each neuron, its spikes as ticks on top.
  public static func traces(_ input: FigureInput) -> String {
    var canvas = SVGCanvas(title: "\(input.title): state variables against time")
    let (left, rightMargin) = (60.0, 70.0)
    let width = SVGCanvas.width - left - rightMargin
    let samples = input.samples.filter { !$0.ids.isEmpty && !$0.times.isEmpty }
    let first = samples.compactMap(\.times.first).min() ?? 0
    let time = TimeAxis(duration: max(input.duration, samples.compactMap(\.times.last).max() ?? 0))
    let rows = samples.reduce(0) { $0 + min($1.ids.count, traceLimit) }
    let height = min(110, max(34, 300 / Double(max(rows, 1))))
    var (top, row) = (8.0, 0)
    for series in samples {
      let shown = Array(series.ids.indices.prefix(traceLimit))
      let domain = Scale.niceDomain(shown.flatMap { series.values[$0] }, ticks: 3)
      let colour = Palette.colour(input.populations.firstIndex { $0.name == series.population } ?? 0)
      let start = top
      for index in shown {
        row += 1
        let panel = Panel(left: left, top: top + 8, width: width, height: height, x: time.domain, y: domain)
        panel.drawLeftAxis(on: &canvas, title: nil, ticks: height < 50 ? 2 : 3)
        panel.drawBottomAxis(on: &canvas, title: row == rows ? time.title : nil, ticks: row == rows ? 6 : 0)
        canvas.polyline(panel.trace(series, index, time: time), colour: colour, width: 0.8)
        canvas.spikeTicks(of: series, index, input: input, in: panel, time: time)
        canvas.text(series.population.shortened(to: 12), x: panel.right + 8, y: panel.top + height / 2 - 1.5)
        canvas.text("neuron \(series.ids[index])", x: panel.right + 8, y: panel.top + height / 2 + 8, size: 7, colour: "#555555")
        top = panel.bottom + 6
      }
      canvas.symbol(
        series.variable, unit: series.unit.isEmpty ? "" : "\u{A0}(\(series.unit))", x: 13, y: (start + 8 + top - 6) / 2)
      top += 6
    }
    if samples.isEmpty {
      let empty = Panel(left: left, top: top, width: width, height: 60, x: time.domain, y: 0...1)
      empty.drawBottomAxis(on: &canvas, title: time.title, ticks: 6)
      empty.drawRemark("no state variable was recorded", on: &canvas)
      top = empty.bottom + 12
    }
    var caption = input.captionStart
    if let interval = samples.first.flatMap({ $0.times.count > 1 ? $0.times[1] - $0.times[0] : nil }) {
      caption.append("sampled every \(shortNumber(interval)) ms from \(shortNumber(first)) ms")
    }
    if samples.contains(where: { input.spikeTimes(of: $0, neurons: $0.ids.prefix(traceLimit)).isEmpty == false }) {
      caption.append("ticks above a trace: its spikes")
    } else if !samples.isEmpty {
      caption.append("no spikes")
    }
    for series in samples where series.ids.count > traceLimit {
      caption.append("\(series.population): first \(traceLimit) of \(groupedNumber(series.ids.count)) neurons")
    }
    return canvas.document(caption: caption, below: top + 20)
  }
}

extension FigureInput {
  fileprivate func spikeTimes(of series: SampleSeries, neurons: some Collection<UInt32>) -> [Double] {
    guard let population = populations.first(where: { $0.name == series.population }) else { return [] }
    let wanted = Set(neurons)
    return zip(population.times, population.ids).filter { wanted.contains($0.1) }.map(\.0)
  }
}

extension SVGCanvas {
  fileprivate mutating func spikeTicks(
    of series: SampleSeries, _ index: Int, input: FigureInput, in panel: Panel, time: TimeAxis
  ) {
    let times = input.spikeTimes(of: series, neurons: [series.ids[index]])
    let commands = times.map { "M\(Self.length(panel.x($0 * time.factor))) \(Self.length(panel.top - 7))v5.5" }
    path(commands.joined(), colour: "#000000", width: 0.8, attributes: "class=\"spikes\"")
  }
}

extension Panel {
  /// Points of a trace. A trace of more than 4,000 samples is drawn by the lowest and highest of each of 1,500 stretches, so
  /// that no peak is lost.
  fileprivate func trace(_ series: SampleSeries, _ index: Int, time: TimeAxis) -> [(x: Double, y: Double)] {
    let values = series.values[index]
    let all = values.indices
    var shown = Array(all)
    if all.count > 4000 {
      shown = (0..<1500).flatMap { part -> [Int] in
        let stretch = (part * all.count / 1500)..<((part + 1) * all.count / 1500)
        guard let low = stretch.min(by: { values[$0] < values[$1] }), let high = stretch.max(by: { values[$0] < values[$1] })
        else { return [] }
        return low == high ? [low] : [min(low, high), max(low, high)]
      }
    }
    return shown.map { (x(series.times[$0] * time.factor), y(values[$0])) }
  }
}
