extension Figure {
  /// Spikes of every population against time, and the population rates below.
  ///
  /// Heights are proportional to sizes, with a minimum for small populations. Beyond ``FigureInput/pointLimit`` spikes whole neurons
  /// are left out evenly, and the caption says how many; the rates are always of all spikes.
  public static func raster(_ input: FigureInput) -> String {
    var canvas = SVGCanvas(title: "\(input.title): spike raster and population rates")
    let (left, rightMargin, gap) = (56.0, 76.0, 9.0)
    let width = SVGCanvas.width - left - rightMargin
    let time = TimeAxis(duration: input.duration)
    let selection = RasterSelection(input.populations, limit: input.pointLimit, seed: input.seed)
    let sizes = input.populations.map(\.size)
    let heights = rasterHeights(sizes, total: min(240, max(50, 16 * Double(sizes.reduce(0, +)))), minimum: 17)
    var top = 8.0
    for (index, population) in input.populations.enumerated() {
      // Half a row of margin at both ends.
      let panel = Panel(
        left: left, top: top, width: width, height: heights[index], x: time.domain,
        y: -0.5...(Double(max(population.size, 1)) - 0.5))
      let marks = panel.spikeMarks(selection.spikes(of: population, at: index), size: population.size, time: time)
      let dot = selection.points > 15_000 ? 0.8 : selection.points > 3_000 ? 1.0 : 1.4
      canvas.path(
        marks.commands, colour: Palette.colour(index), width: (marks.areDots ? dot : 0.8) / Panel.markUnit,
        attributes:
          "class=\"spikes\" transform=\"scale(\(Panel.markUnit))\" stroke-linecap=\"\(marks.areDots ? "round" : "butt")\"")
      panel.drawIdAxis(on: &canvas, size: population.size)
      panel.drawBottomAxis(on: &canvas, title: nil, ticks: 0)
      if population.times.isEmpty { panel.drawRemark("no spikes", on: &canvas) }
      canvas.populationLabel(
        population, index: index, x: left + width + 8, middle: top + heights[index] / 2, height: heights[index])
      top = panel.bottom + gap
    }
    if input.populations.isEmpty {
      let empty = Panel(left: left, top: top, width: width, height: 60, x: time.domain, y: 0...1)
      empty.drawBottomAxis(on: &canvas, title: nil, ticks: 0)
      empty.drawRemark("no spikes: no population was recorded", on: &canvas)
      top = empty.bottom + gap
    }
    canvas.text("Neuron id", x: 13, y: (8 + top - gap) / 2, anchor: .middle, turned: true)

    let rates = Panel(
      left: left, top: top + 5, width: width, height: 72, x: time.domain,
      y: Scale.niceDomain(input.populationRates.flatMap { $0 }, including: 0, ticks: 3))
    canvas.populationRates(input, in: rates, time: time)
    rates.drawLeftAxis(on: &canvas, title: "Rate (Hz)", ticks: 3, titleOffset: left - 13)
    rates.drawBottomAxis(on: &canvas, title: time.title, ticks: 6)
    if input.spikeCount == 0 { rates.drawRemark("no spikes", on: &canvas) }

    let neurons = input.populations.reduce(0) { $0 + $1.size }
    let caption =
      input.captionStart + [
        selection.remark(total: input.spikeCount, neurons: neurons) ?? "\(groupedNumber(input.spikeCount)) spikes",
        "rates in bins of \(shortNumber(input.rateBin)) ms",
      ]
    return canvas.document(caption: caption, below: rates.bottom + 30)
  }

  /// Heights in proportion to sizes, none below the minimum.
  static func rasterHeights(_ sizes: [Int], total: Double, minimum: Double) -> [Double] {
    let room = max(total, minimum * Double(sizes.count))
    // Those that would fall below the minimum get it; the others share what is left, until none falls below.
    var small = Set<Int>()
    while true {
      let shared = Double(sizes.indices.filter { !small.contains($0) }.reduce(0) { $0 + sizes[$1] })
      let left = room - minimum * Double(small.count)
      let heights = sizes.indices.map { small.contains($0) || shared == 0 ? minimum : left * Double(sizes[$0]) / shared }
      let below = heights.indices.filter { heights[$0] < minimum && !small.contains($0) }
      if below.isEmpty { return heights }
      small.formUnion(below)
    }
  }
}

extension Panel {
  /// Places of spike marks are whole numbers of these, in points.
  fileprivate static let markUnit = 0.05

  /// One path: a dot, or a short stroke where rows are high enough, for each spike. Places are whole numbers of ``markUnit``, each
  /// relative to the one before, which keeps the file small without adding up rounding errors.
  fileprivate func spikeMarks(
    _ spikes: [(time: Double, id: UInt32)], size: Int, time: TimeAxis
  ) -> (commands: String, areDots: Bool) {
    let row = height / Double(max(size, 1))
    let stroke = row * 0.7 >= 2.5 ? Int((min(row * 0.7, 9) / Self.markUnit).rounded()) : 0
    var commands = ""
    var place = (x: 0, y: 0)
    for spike in spikes {
      let spot = (
        x: Int((x(spike.time * time.factor) / Self.markUnit).rounded()),
        y: Int((y(Double(spike.id)) / Self.markUnit).rounded()) - stroke / 2
      )
      let (dx, dy) = (spot.x - place.x, spot.y - place.y)
      commands += "m\(dx)" + (dy < 0 ? "\(dy)" : " \(dy)") + (stroke == 0 ? "h0" : "v\(stroke)")
      place = (spot.x, spot.y + stroke)
    }
    return (commands, stroke == 0)
  }

  /// A left axis of whole numbers below `size`.
  fileprivate func drawIdAxis(on canvas: inout SVGCanvas, size: Int) {
    canvas.line(from: (left, top), to: (left, bottom))
    var step = Scale.niceStep(Double(size) / max(2.5, height / 34))
    // Labels closer than this touch.
    while step < Double(size), step * height / Double(size) < 8.5 { step = Scale.niceStep(1.5 * step) }
    for id in stride(from: 0, to: size, by: max(1, Int(step))) {
      canvas.line(from: (left - 3, y(Double(id))), to: (left, y(Double(id))))
      canvas.text(Scale.label(Double(id), step: 1), x: left - 5, y: y(Double(id)) + 2.8, anchor: .end)
    }
  }
}
