/// A rectangle with a left and a bottom axis, in points.
struct Panel {
  var left, top, width, height: Double
  var x, y: Scale
  var bottom: Double { top + height }
  var right: Double { left + width }

  /// Scales over the rectangle; y grows upwards.
  init(
    left: Double, top: Double, width: Double, height: Double, x: ClosedRange<Double>, y: ClosedRange<Double>,
    xKind: Scale.Kind = .linear
  ) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
    self.x = Scale(kind: xKind, domain: x, range: (left, left + width))
    self.y = Scale(domain: y, range: (top + height, top))
  }

  /// The bottom axis with its ticks; without a title, as above a panel with the same axis, only its line.
  func drawBottomAxis(on canvas: inout SVGCanvas, title: String?, ticks count: Int) {
    // Half a line width of overlap closes the corner with the left axis.
    canvas.line(from: (left - 0.3, bottom), to: (right, bottom))
    guard let title else { return }
    let ticks = x.ticks(count)
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : x.domain.upperBound - x.domain.lowerBound
    for tick in ticks {
      canvas.line(from: (x(tick), bottom), to: (x(tick), bottom + 3))
      let label = x.kind == .logarithmic ? Self.powerLabel(tick) : Scale.label(tick, step: step)
      canvas.text(label, x: x(tick), y: bottom + 11.5, anchor: .middle)
    }
    for tick in x.minorTicks { canvas.line(from: (x(tick), bottom), to: (x(tick), bottom + 1.8), width: 0.4) }
    canvas.text(title, x: left + width / 2, y: bottom + 23, anchor: .middle)
  }

  /// The left axis; its title is set `titleOffset` points left of it.
  func drawLeftAxis(on canvas: inout SVGCanvas, title: String?, ticks count: Int, titleOffset: Double = 34) {
    canvas.line(from: (left, top), to: (left, bottom))
    let ticks = y.ticks(count)
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : y.domain.upperBound - y.domain.lowerBound
    for tick in ticks {
      canvas.line(from: (left - 3, y(tick)), to: (left, y(tick)))
      canvas.text(Scale.label(tick, step: step), x: left - 5, y: y(tick) + 2.8, anchor: .end)
    }
    if let title { canvas.text(title, x: left - titleOffset, y: top + height / 2, anchor: .middle, turned: true) }
  }

  /// A remark in the middle, in place of the marks there are none of.
  func drawRemark(_ remark: String, on canvas: inout SVGCanvas) {
    canvas.text(remark, x: left + width / 2, y: top + height / 2 + 3, anchor: .middle, italic: true, colour: "#777777")
  }

  private static func powerLabel(_ tick: Double) -> String {
    (0.01...1000).contains(tick) ? shortNumber(tick) : Scale.scientific(tick)
  }
}
