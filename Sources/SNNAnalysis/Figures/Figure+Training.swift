/// What a figure of a training is drawn from.
public struct TrainingCourse: Sendable {
  /// Name of the run.
  public var title: String
  public var seed: UInt64
  /// For each epoch its numbers by name: `epoch`, `train_accuracy`, `test_accuracy` and measures.
  public var epochs: [[String: Double]]
  /// How often test samples of each class were given which, row after row.
  public var confusion: [Int]?

  public init(title: String, seed: UInt64, epochs: [[String: Double]], confusion: [Int]?) {
    self.title = title
    self.seed = seed
    self.epochs = epochs
    self.confusion = confusion
  }

  /// The epochs that have a number of this name, with it.
  func points(_ name: String) -> [(epoch: Double, value: Double)] {
    epochs.enumerated().compactMap { place, numbers in
      numbers[name].map { (numbers["epoch"] ?? Double(place + 1), $0) }
    }
  }
}

extension Figure {
  /// The learning curve (A): errors on training and test samples; and which class samples of each were given (B), in percent of
  /// the row.
  public static func training(_ course: TrainingCourse) -> String {
    var canvas = SVGCanvas(title: "\(course.title): learning curve and confusion")
    let top = 16.0
    let curves = [("test_accuracy", "test"), ("train_accuracy", "training")].map { key, name in
      (name: name, points: course.points(key).map { (epoch: $0.epoch, value: 100 * (1 - $0.value)) })
    }
    let last = max(course.epochs.compactMap { $0["epoch"] }.max() ?? 1, 2)
    let over = Panel(
      left: 52, top: top, width: 230, height: 150, x: 0...last,
      y: Scale.niceDomain(curves.flatMap { $0.points.map(\.value) }, including: 0))
    canvas.text("A", x: 6, y: top + 2, size: 10, bold: true)
    for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
      let places = curve.points.map { (x: over.x($0.epoch), y: over.y($0.value)) }
      canvas.polyline(places, colour: Palette.colour(index), width: 1)
      // A single point would be no line.
      for place in places where places.count <= 40 {
        canvas.rectangle(x: place.x - 1, y: place.y - 1, width: 2, height: 2, fill: Palette.colour(index))
      }
      canvas.rectangle(x: over.right - 52, y: top + 11 * Double(index), width: 6, height: 6, fill: Palette.colour(index))
      canvas.text(curve.name, x: over.right - 43, y: top + 6 + 11 * Double(index))
    }
    over.drawLeftAxis(on: &canvas, title: "Error (%)", ticks: 4)
    over.drawBottomAxis(on: &canvas, title: "Epoch", ticks: 5)
    if curves.allSatisfy(\.points.isEmpty) { over.drawRemark("no test", on: &canvas) }
    canvas.confusion(course.confusion, left: 338, top: top, size: 150)
    var caption = ["\(course.title)", "seed \(course.seed)", "\(course.epochs.count) epochs"]
    let errors = curves[0].points.map(\.value)
    if let last = errors.last, let least = errors.min() {
      caption.append("test error at the end \(shortNumber(last, 2)) %, least \(shortNumber(least, 2)) %")
    }
    return canvas.document(caption: caption, below: over.bottom + 30)
  }
}

extension SVGCanvas {
  /// A square for each pair of classes, the darker the more of its row.
  fileprivate mutating func confusion(_ counts: [Int]?, left: Double, top: Double, size: Double) {
    let classes = Int(Double(counts?.count ?? 1).squareRoot().rounded())
    let scale = -0.5...(Double(max(classes, 1)) - 0.5)
    let panel = Panel(left: left, top: top, width: size, height: size, x: scale, y: scale)
    text("B", x: left - 44, y: top + 2, size: 10, bold: true)
    if let counts {
      let cell = size / Double(classes)
      for row in 0..<classes {
        let total = (0..<classes).reduce(0) { $0 + counts[row * classes + $1] }
        for column in 0..<classes where counts[row * classes + column] > 0 {
          let part = Double(counts[row * classes + column]) / Double(total)
          // The first class lies at the bottom, as on an axis.
          let y = top + size - Double(row + 1) * cell
          rectangle(x: left + Double(column) * cell, y: y, width: cell, height: cell, fill: Self.shade(part))
          guard cell >= 12 else { continue }
          text(
            shortNumber(100 * part, part < 0.0995 ? 1 : 0), x: left + (Double(column) + 0.5) * cell, y: y + cell / 2 + 2,
            anchor: .middle,
            size: 5, colour: part > 0.5 ? "#ffffff" : "#333333")
        }
      }
    }
    panel.drawLeftAxis(on: &self, title: "Class", ticks: min(10, classes), titleOffset: 26)
    panel.drawBottomAxis(on: &self, title: "Answer", ticks: min(10, classes))
    if counts == nil { panel.drawRemark("no test", on: &self) }
  }

  /// From white to blue; small parts are lifted, so that a few errors can be seen.
  private static func shade(_ part: Double) -> String {
    let depth = part.squareRoot()
    let channels = [(255.0, 0.0), (255.0, 114.0), (255.0, 178.0)].map { Int(($0.0 + ($0.1 - $0.0) * depth).rounded()) }
    return "#" + channels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
