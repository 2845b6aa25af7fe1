import Foundation

/// Arithmetic on named numbers: `+ - * / ^`, parentheses, unary minus, some functions and `pi`.
///
/// `^` binds most tightly and to the right, so `-2^2` is −4 and `2^3^2` is 512.
struct Expression {
  /// What is wrong with an expression.
  struct Problem: Error {
    var text: String
    var hint: String?
  }
  static let functions = ["abs", "ceil", "exp", "floor", "log", "max", "min", "round", "sqrt"]
  static let maximumDepth = 64

  private let scalars: [Unicode.Scalar]
  private let text: String
  private var position = 0
  private var depth = 0
  /// Value of a parameter by name.
  private let lookUp: (String) throws(Problem) -> Double

  /// The value of `text`; a result that is not finite is a problem.
  static func value(of text: String, lookUp: @escaping (String) throws(Problem) -> Double) throws(Problem) -> Double {
    var expression = Expression(text, lookUp: lookUp)
    expression.skipSpace()
    if expression.peek == nil { throw Problem(text: "the expression ${} is empty") }
    let value = try expression.sum()
    if let rest = expression.peek {
      let hint = rest == "*" ? "powers are written with ^" : nil
      throw expression.problem("unexpected \"\(rest)\"", hint: hint)
    }
    guard value.isFinite else { throw expression.problem("the result is not finite") }
    return value
  }

  private init(_ text: String, lookUp: @escaping (String) throws(Problem) -> Double) {
    self.text = text
    self.lookUp = lookUp
    scalars = Array(text.unicodeScalars)
  }

  private func problem(_ what: String, hint: String? = nil) -> Problem {
    Problem(text: "in \"\(text.prefix(80))\": \(what)", hint: hint)
  }

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func skipSpace() {
    while let scalar = peek, scalar == " " || scalar == "\t" { position += 1 }
  }

  /// Steps over `scalar` and the space behind it, if it stands here.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    position += 1
    skipSpace()
    return true
  }

  private mutating func sum() throws(Problem) -> Double {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw problem("nested deeper than \(Self.maximumDepth) levels") }
    var value = try product()
    while true {
      if take("+") { value += try product() } else if take("-") { value -= try product() } else { return value }
    }
  }

  private mutating func product() throws(Problem) -> Double {
    var value = try signed()
    while true {
      if take("*") {
        value *= try signed()
      } else if take("/") {
        let divisor = try signed()
        guard divisor != 0 else { throw problem("division by zero") }
        value /= divisor
      } else {
        return value
      }
    }
  }

  private mutating func signed() throws(Problem) -> Double {
    var isNegative = false
    while true {
      if take("-") { isNegative.toggle() } else if !take("+") { break }
    }
    let value = try power()
    return isNegative ? -value : value
  }

  private mutating func power() throws(Problem) -> Double {
    let base = try primary()
    guard take("^") else { return base }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw problem("nested deeper than \(Self.maximumDepth) levels") }
    return pow(base, try signed())
  }

  private mutating func primary() throws(Problem) -> Double {
    guard let first = peek else { throw problem("it ends where a number should stand") }
    if take("(") {
      let value = try sum()
      guard take(")") else { throw problem("a parenthesis is not closed") }
      return value
    }
    if ("0"..."9").contains(first) || first == "." { return try number() }
    guard Self.beginsName(first) else {
      throw problem("unexpected \"\(first)\"", hint: first == "*" ? "powers are written with ^" : nil)
    }
    let start = position
    while let scalar = peek, Self.continuesName(scalar) { position += 1 }
    let name = String(String.UnicodeScalarView(scalars[start..<position]))
    skipSpace()
    if take("(") { return try call(name) }
    return name == "pi" ? Double.pi : try lookUp(name)
  }

  private mutating func number() throws(Problem) -> Double {
    let start = position
    while let scalar = peek, ("0"..."9").contains(scalar) || scalar == "." { position += 1 }
    if peek == "e" || peek == "E" {
      var ahead = position + 1
      if ahead < scalars.count, scalars[ahead] == "+" || scalars[ahead] == "-" { ahead += 1 }
      if ahead < scalars.count, ("0"..."9").contains(scalars[ahead]) {
        position = ahead
        while let scalar = peek, ("0"..."9").contains(scalar) { position += 1 }
      }
    }
    let literal = String(String.UnicodeScalarView(scalars[start..<position]))
    guard let value = Double(literal), value.isFinite else { throw problem("\"\(literal.prefix(40))\" is not a number") }
    skipSpace()
    return value
  }

  private mutating func call(_ name: String) throws(Problem) -> Double {
    guard Self.functions.contains(name) else {
      throw problem(
        "there is no function \"\(name)\"", hint: suggestion(for: name, among: Self.functions, title: "functions"))
    }
    var arguments = [try sum()]
    while take(",") { arguments.append(try sum()) }
    guard take(")") else { throw problem("a parenthesis is not closed") }
    if name == "min" || name == "max" { return name == "min" ? arguments.min()! : arguments.max()! }
    guard arguments.count == 1 else { throw problem("\(name) takes one number") }
    let x = arguments[0]
    switch name {
    case "abs": return abs(x)
    case "ceil": return ceil(x)
    case "exp": return exp(x)
    case "floor": return floor(x)
    case "log":
      guard x > 0 else { throw problem("log of a number that is not positive") }
      return log(x)
    case "round": return x.rounded()
    default:
      guard x >= 0 else { throw problem("sqrt of a negative number") }
      return x.squareRoot()
    }
  }

  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }
  static func continuesName(_ scalar: Unicode.Scalar) -> Bool { beginsName(scalar) || ("0"..."9").contains(scalar) }
  /// Whether an expression can name it.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    return beginsName(first) && text.unicodeScalars.allSatisfy(continuesName)
  }
}
