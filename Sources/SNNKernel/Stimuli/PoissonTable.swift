import Foundation
import SNNDynamics
import SNNSignals

/// Poisson numbers of one mean by inversion of a 32-bit word through the distribution function.
///
/// A small number is found by comparing eight words at once with the few thresholds that matter. Otherwise a guide of 1,024
/// equal intervals answers at once unless a threshold lies inside the interval; then the function is walked up. Probabilities
/// are rounded to 2⁻³², so use it for means of ``smallestMean`` or more, where that is below 10⁻⁶ of P(1).
final class PoissonTable: @unchecked Sendable {
  // @unchecked: the tables are written in init and never after.
  static let smallestMean = 0x1p-12
  /// Largest mean: the walk is over at most some 12 standard deviations.
  static let largestMean = 1e6

  let mean: Double
  /// word < thresholds[k]  ⇔  the number is first + k or less.
  private let thresholds: AlignedBuffer<UInt32>
  private let first: Int
  /// Per interval: the number for its smallest word, less `first`.
  private let guide: AlignedBuffer<Int32>
  /// Per interval: the number times `weight`, or NaN where the interval holds a threshold.
  private let products: AlignedBuffer<Double>
  private let weight: Double
  /// The thresholds as 2⁵² + threshold, for comparing words as doubles.
  private let levels: AlignedBuffer<Double>
  /// How many of `levels` every word is compared with; those after it are reached by a word in 160. 0: use the guide.
  private let commonLevels: Int

  /// More comparisons than this cost more than a look into the guide.
  private static let mostLevels = 12
  private static let wordBits: UInt64 = 0x4330_0000_0000_0000  // 2⁵²

  /// - Parameter weight: what ``add(_:to:blocks:)`` multiplies the numbers with.
  init(mean: Double, weight: Double) {
    precondition(mean >= Self.smallestMean && mean <= Self.largestMean)
    self.mean = mean
    self.weight = weight
    // Sum the probabilities upwards from far below the mean, where they vanish.
    var k = max(0, Int(mean - 12 * mean.squareRoot() - 20))
    var found: [UInt32] = []
    var first = k
    var cumulated = 0.0
    while Double(k) <= mean + 12 * mean.squareRoot() + 60 {
      cumulated += exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
      let scaled = (cumulated * 0x1p32).rounded()
      if scaled >= 0x1p32 - 1 { break }
      if scaled < 1 && found.isEmpty { first = k + 1 } else { found.append(UInt32(scaled)) }
      k += 1
    }
    found.append(.max)
    self.first = first
    thresholds = AlignedBuffer(count: found.count)
    for (i, threshold) in found.enumerated() { thresholds[i] = threshold }
    levels = AlignedBuffer(count: found.count)
    for (i, threshold) in found.enumerated() { levels[i] = 0x1p52 + Double(threshold) }
    let common = found.firstIndex { Double($0) > 0x1p32 * (1 - 1.0 / 160) } ?? found.count
    commonLevels = common + 1 <= Self.mostLevels && first == 0 ? common + 1 : 0
    guide = AlignedBuffer(count: 1024)
    products = AlignedBuffer(count: 1024)
    var at = 0
    for i in 0..<1024 {
      let low = UInt32(i) << 22
      while found[at] <= low && at < found.count - 1 { at += 1 }
      guide[i] = Int32(at)
      let isSplit = found[at] <= low | 0x3F_FFFF && at < found.count - 1
      products[i] = isSplit ? .nan : weight * Double(first + at)
    }
  }

  /// The Poisson number of a uniform word.
  func number(_ word: UInt32) -> Int {
    var k = Int(guide.pointer[Int(word >> 22)])
    while word >= thresholds.pointer[k] && k < thresholds.count &- 1 { k &+= 1 }
    return first &+ k
  }

  /// Adds the numbers of four times eight words (in the low halves), times the weight, to the first `blocks` of four sums.
  @inline(__always)
  func add(_ words: PhiloxLanes.Words, to sums: UnsafeMutablePointer<Lanes>, blocks: Int) {
    if commonLevels > 0 {
      let numbers = count(words)
      sums[0] += weight * numbers.0
      if blocks > 1 { sums[1] += weight * numbers.1 }
      if blocks > 2 { sums[2] += weight * numbers.2 }
      if blocks > 3 { sums[3] += weight * numbers.3 }
    } else {
      addByGuide(words.0, to: sums)
      if blocks > 1 { addByGuide(words.1, to: sums + 1) }
      if blocks > 2 { addByGuide(words.2, to: sums + 2) }
      if blocks > 3 { addByGuide(words.3, to: sums + 3) }
    }
  }

  /// The numbers of the words.
  @inline(__always)
  private func count(_ words: PhiloxLanes.Words) -> (Lanes, Lanes, Lanes, Lanes) {
    let (a, b, c, d) = (Self.double(words.0), Self.double(words.1), Self.double(words.2), Self.double(words.3))
    var numbers = (Lanes(), Lanes(), Lanes(), Lanes())
    for k in 0..<commonLevels {
      let level = levels.pointer[k]
      numbers.0.replace(with: numbers.0 + 1, where: a .>= level)
      numbers.1.replace(with: numbers.1 + 1, where: b .>= level)
      numbers.2.replace(with: numbers.2 + 1, where: c .>= level)
      numbers.3.replace(with: numbers.3 + 1, where: d .>= level)
    }
    countRare(a, &numbers.0)
    countRare(b, &numbers.1)
    countRare(c, &numbers.2)
    countRare(d, &numbers.3)
    return numbers
  }

  /// The words as the doubles 2⁵² + word.
  @inline(__always)
  private static func double(_ words: Philox.Wide) -> Lanes {
    unsafeBitCast(Philox.lowHalves(words) | Philox.Wide(repeating: wordBits), to: Lanes.self)
  }

  @inline(__always)
  private func countRare(_ word: Lanes, _ number: inout Lanes) {
    // The last level is 2³² − 1 whatever the mean, where a number ends that has no threshold any more.
    var k = commonLevels
    while k < levels.count &- 1 {
      let above = word .>= levels.pointer[k]
      guard above.hasAny else { break }
      number.replace(with: number + 1, where: above)
      k &+= 1
    }
  }

  @inline(never)
  private func addByGuide(_ words: Philox.Wide, to block: UnsafeMutablePointer<Lanes>) {
    let sums = UnsafeMutableRawPointer(block).assumingMemoryBound(to: Double.self)
    for i in 0..<8 {
      let word = UInt32(truncatingIfNeeded: words[i])
      let product = products.pointer[Int(word >> 22)]
      if _fastPath(product == product) { sums[i] += product } else { sums[i] += weight * Double(number(word)) }
    }
  }
}
