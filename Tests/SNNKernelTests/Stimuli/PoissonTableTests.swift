import Foundation
import SNNDynamics
import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct PoissonTableTests {
  @Test("Eight counters at once give the words of one at a time")
  func lanesAgreeWithScalars() {
    let key = SIMD2<UInt32>(0x1234_5678, 0x9ABC_DEF0)
    for index: UInt64 in [0, 8, 1 << 33] {
      let lanes = Philox.withRoundKeys(of: key) { PhiloxLanes.words(index: index, draw: 0x1_0000_0007, keys: $0) }
      for lane in 0..<8 {
        let i = index + UInt64(lane)
        let one = Philox.words(
          counter: SIMD4(UInt32(truncatingIfNeeded: i), UInt32(truncatingIfNeeded: i >> 32), 7, 1), key: key)
        let words = SIMD4(lanes.0[lane], lanes.1[lane], lanes.2[lane], lanes.3[lane])
        #expect(one == SIMD4<UInt32>(truncatingIfNeeded: words))
      }
    }
  }

  /// The share of all 2³² words that give k must be the Poisson probability, to the rounding of a threshold to 2⁻³² at either
  /// end. The number is a step function of the word, so its steps are found by bisection.
  @Test(
    "The share of words that give a number is its Poisson probability, for the closed form", arguments: [0.001, 0.5, 2, 30, 900])
  func sharesAreProbabilities(mean: Double) {
    let table = PoissonTable(mean: mean, weight: 1)
    func firstWord(giving k: Int) -> UInt64 {
      var (low, high) = (UInt64(0), UInt64(1) << 32)
      while low < high {
        let middle = (low + high) / 2
        if table.number(UInt32(middle)) >= k { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let spread = Int(4 * mean.squareRoot() + 2)
    for k in max(0, Int(mean) - spread)...(Int(mean) + spread) {
      let share = Double(firstWord(giving: k + 1) - firstWord(giving: k)) * 0x1p-32
      let probability = exp(Double(k) * log(mean) - mean - lgamma(Double(k) + 1))
      #expect(abs(share - probability) < 2 * 0x1p-32 + 1e-12 * mean, "k = \(k)")
    }
  }

  @Test(
    "Adding to sums gives the numbers times the weight, by comparison and by the guide, split intervals included",
    arguments: [0.001, 0.5, 2, 4.5, 7, 700])
  func productsAgreeWithNumbers(mean: Double) {
    let table = PoissonTable(mean: mean, weight: -0.3)
    let stream = RandomStream(seed: 4, purpose: .poisson, entity: 1)
    for draw in 0..<2000 {
      let a = stream.words(index: 0, draw: UInt64(draw))
      let b = stream.words(index: 1, draw: UInt64(draw))
      // What stands in the high halves must not matter.
      let words = Philox.Wide(truncatingIfNeeded: SIMD8<UInt32>(lowHalf: a, highHalf: b)) | 0x5555_0000_0000_0000
      let reversed = Philox.Wide((0..<8).map { words[7 - $0] })
      let blocks = draw % 4 + 1
      var sums = [Lanes](repeating: Lanes(), count: 5)
      table.add((words, reversed, words, reversed), to: &sums, blocks: blocks)
      for (block, words) in [words, reversed, words, reversed].prefix(blocks).enumerated() {
        for lane in 0..<8 {
          #expect(sums[block][lane] == -0.3 * Double(table.number(UInt32(truncatingIfNeeded: words[lane]))))
        }
      }
      #expect(sums[blocks] == Lanes())
    }
  }
}
