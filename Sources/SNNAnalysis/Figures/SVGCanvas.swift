/// An SVG document under construction: 180 mm wide, lengths in points (1 pt = 1/72 inch).
struct SVGCanvas {
  /// 180 mm, the width of two columns of a journal.
  static let width = 180 / 25.4 * 72
  static let textSize = 8.0

  private var body: [String] = []
  /// What the figure is called by a screen reader.
  var title: String

  init(title: String) { self.title = title }

  /// At most two decimals: a 140th of a millimetre.
  static func length(_ x: Double) -> String { shortNumber(x, 2) }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Double = textSize, bold: Bool = false,
    italic: Bool = false, colour: String = "#000000", turned: Bool = false
  ) {
    var attributes = "x=\"\(Self.length(x))\" y=\"\(Self.length(y))\""
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != Self.textSize { attributes += " font-size=\"\(Self.length(size))\"" }
    if bold { attributes += " font-weight=\"bold\"" }
    if italic { attributes += " font-style=\"italic\"" }
    if colour != "#000000" { attributes += " fill=\"\(colour)\"" }
    if turned { attributes += " transform=\"rotate(-90 \(Self.length(x)) \(Self.length(y)))\"" }
    body.append("<text \(attributes)>\(Self.escaped(text))</text>")
  }

  /// A turned axis title with the symbol of a variable as papers set it: `I_syn_ex` as I with the subscript "syn,ex".
  mutating func symbol(_ name: String, unit: String, x: Double, y: Double) {
    let parts = name.split(separator: "_").map { Self.escaped(String($0)) }
    let place = "\(Self.length(x)) \(Self.length(y))"
    let index = parts.dropFirst().joined(separator: ",")
    let subscripted = index.isEmpty ? "" : "<tspan dy=\"2\" font-size=\"6\">\(index)</tspan>"
    let rest = "<tspan dx=\"2\" dy=\"\(index.isEmpty ? 0 : -2)\">\(Self.escaped(unit))</tspan>"
    body.append(
      "<text x=\"\(Self.length(x))\" y=\"\(Self.length(y))\" text-anchor=\"middle\" transform=\"rotate(-90 \(place))\">"
        + "<tspan font-style=\"italic\">\(parts.first ?? "")</tspan>\(subscripted)\(rest)</text>")
  }

  mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), width: Double = 0.6, colour: String = "#000000",
    dash: String? = nil
  ) {
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    body.append(
      "<path d=\"M\(Self.length(a.x)) \(Self.length(a.y))L\(Self.length(b.x)) \(Self.length(b.y))\" "
        + "stroke=\"\(colour)\" stroke-width=\"\(Self.length(width))\" fill=\"none\"\(dashes)/>")
  }

  mutating func rectangle(x: Double, y: Double, width: Double, height: Double, fill: String) {
    body.append(
      "<rect x=\"\(Self.length(x))\" y=\"\(Self.length(y))\" width=\"\(Self.length(width))\" height=\"\(Self.length(height))\" "
        + "fill=\"\(fill)\"/>")
  }

  /// A stroked path of ready-made commands.
  mutating func path(_ commands: String, colour: String, width: Double, attributes: String = "") {
    guard !commands.isEmpty else { return }
    let extra = attributes.isEmpty ? "" : " " + attributes
    body.append(
      "<path d=\"\(commands)\" stroke=\"\(colour)\" stroke-width=\"\(Self.length(width))\" fill=\"none\"\(extra)/>")
  }

  /// A line through points; a point that is not finite breaks it.
  mutating func polyline(_ points: [(x: Double, y: Double)], colour: String, width: Double) {
    var commands = ""
    var down = false
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        down = false
        continue
      }
      commands += (down ? "L" : "M") + Self.length(point.x) + " " + Self.length(point.y)
      down = true
    }
    path(commands, colour: colour, width: width, attributes: "stroke-linejoin=\"round\"")
  }

  /// The finished document, with the caption's parts (kept whole) at its foot on as many lines as they need.
  mutating func document(caption parts: [String], below y: Double) -> String {
    let size = 7.0
    // 0.6 em is the mean advance of the widest of the fonts named below.
    let room = Int((Self.width - 12) / (0.6 * size))
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + part.count + 3 <= room {
        lines[lines.count - 1] = last + " · " + part
      } else {
        lines.append(part)
      }
    }
    for (row, line) in lines.enumerated() {
      text(line, x: 6, y: y + size + Double(row) * 9.5, size: size, colour: "#555555")
    }
    return document(height: y + Double(lines.count) * 9.5 + 3)
  }

  private func document(height: Double) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="180mm" height="\(Self.length(height / 72 * 25.4))mm" \
    viewBox="0 0 \(Self.length(Self.width)) \(Self.length(height))" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif" \
    font-size="\(Self.length(Self.textSize))">
    <title>\(Self.escaped(title))</title>
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(body.joined(separator: "\n"))
    </svg>

    """
  }

  /// Text as XML character data; characters XML 1.0 has no form for become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// Colours that the colour-blind can tell apart: Okabe & Ito (2008), https://jfly.uni-koeln.de/color/.
/// Their yellow is too faint for dots on white: a grey stands in its place, as the last.
enum Palette {
  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#888888"]
  static func colour(_ index: Int) -> String { colours[index % colours.count] }
}
