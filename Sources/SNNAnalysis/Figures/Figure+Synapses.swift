extension Figure {
  /// The histogram of the weights or delays of each projection at the end of a run (A), and their course (B): of a hundred
  /// synapses, what 10, 50 and 90 do not exceed.
  public static func synapses(
    _ input: FigureInput, final: [SynapseValues], courses: [SynapseCourse], axis: String
  ) -> String {
    var canvas = SVGCanvas(title: "\(input.title): \(axis.lowercased()) of plastic synapses")
    let legend = canvas.legend(final.map { ($0.projection, $0.values.count) }, left: 52, top: 6)
    let top = 6 + legend + 10
    let bins = ValueBins(final.flatMap(\.values), count: 40)
    let percents = final.map { bins.percent($0.values) }
    let end = Panel(
      left: 52, top: top, width: 190, height: 130, x: bins.edges[0]...bins.edges[40],
      y: Scale.niceDomain(percents.flatMap { $0 }, including: 0))
    canvas.text("A", x: 6, y: top + 2, size: 10, bold: true)
    for (index, values) in percents.enumerated() {
      canvas.steps(values, edges: bins.edges, in: end, colour: Palette.colour(index), toBaseline: true)
    }
    end.drawLeftAxis(on: &canvas, title: "Synapses (%)", ticks: 4)
    end.drawBottomAxis(on: &canvas, title: axis, ticks: 4)

    let time = TimeAxis(duration: input.duration)
    let over = Panel(
      left: 306, top: top, width: SVGCanvas.width - 306 - 12, height: 130, x: time.domain,
      y: Scale.niceDomain(courses.flatMap { $0.low + $0.high }))
    canvas.text("B", x: 258, y: top + 2, size: 10, bold: true)
    for course in courses {
      let colour = Palette.colour(final.firstIndex { $0.projection == course.projection } ?? 0)
      for (values, width) in [(course.low, 0.4), (course.middle, 1.0), (course.high, 0.4)] {
        let points = zip(course.times, values).map { (x: over.x($0 * time.factor), y: over.y($1)) }
        canvas.polyline(points, colour: colour, width: width)
      }
    }
    over.drawLeftAxis(on: &canvas, title: axis, ticks: 4)
    over.drawBottomAxis(on: &canvas, title: time.title, ticks: 4)
    if final.allSatisfy(\.values.isEmpty) { end.drawRemark("no plastic synapses", on: &canvas) }
    if courses.allSatisfy(\.times.isEmpty) { over.drawRemark("not recorded over time", on: &canvas) }
    let caption =
      input.captionStart + [
        "A: end of the run, \(groupedNumber(final.reduce(0) { $0 + $1.values.count })) synapses",
        "B: what 10, 50 and 90 % of the recorded synapses do not exceed",
      ]
    return canvas.document(caption: caption, below: end.bottom + 30)
  }
}

/// Equal bins over the range of some values.
private struct ValueBins {
  let edges: [Double]
  private let low: Double
  private let width: Double

  init(_ values: [Double], count: Int) {
    let domain = Scale.niceDomain(values, ticks: 4)
    low = domain.lowerBound
    width = (domain.upperBound - domain.lowerBound) / Double(count)
    let (low, width) = (low, width)
    edges = (0...count).map { low + Double($0) * width }
  }

  /// How many of a hundred values lie in each bin; nothing when there are no values.
  func percent(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    var counts = [Double](repeating: 0, count: edges.count - 1)
    // Slack of a billionth of a bin: numbers on an edge belong to the bin it begins.
    for x in values { counts[min(max(Int((x - low) / width + 1e-9), 0), counts.count - 1)] += 1 }
    return counts.map { 100 * $0 / Double(values.count) }
  }
}
