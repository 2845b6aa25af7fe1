import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct ActionQueueTests {
  /// Plans are made, moved nearer, moved away and dropped at random, some further ahead than the ring is long. The reference
  /// looks at every member in every window.
  @Test("Members are due in the window that a search through all plans finds, once each", arguments: [3, 40, 500])
  func againstSearch(members: Int) {
    let stream = RandomStream(seed: 4, purpose: .connectivity, entity: UInt64(members))
    let queue = ActionQueue(members: members)
    var plans = [Int?](repeating: nil, count: members)
    var acted = 0
    for number in 0..<3000 {
      var due: [UInt32] = []
      queue.take(number) { member in
        guard let plan = plans[Int(member)] else { return }
        if plan == number { due.append(member) } else { queue.add(member, window: plan, now: number) }
      }
      let expected = (0..<members).filter { plans[$0] == number }.map { UInt32($0) }
      #expect(due.sorted() == expected)
      acted += due.count
      for member in expected { plans[Int(member)] = nil }
      for draw in 0..<4 {
        let words = stream.words(index: UInt64(number), draw: UInt64(draw))
        let member = words.x % UInt32(members)
        guard words.y % 8 > 0 else {
          plans[Int(member)] = nil
          continue
        }
        let window = number + 1 + Int(words.z % (words.y % 8 == 1 ? 1000 : 20))
        plans[Int(member)] = window
        queue.add(member, window: window, now: number)
      }
    }
    #expect(acted > 300)
  }

  @Test("Window numbers without division are those of division", arguments: [2, 3, 100_000_000, 999_999_937, 10_000_000_000])
  func windowNumbers(length: Int64) {
    let windows = WindowNumbers(length: Time(picoseconds: length))
    let stream = RandomStream(seed: 5, purpose: .connectivity, entity: UInt64(length))
    for i in 0..<2000 {
      let words = stream.words(index: UInt64(i), draw: 0)
      // All magnitudes, and the picoseconds around each boundary of a window.
      let time = Int64(truncatingIfNeeded: UInt64(words.x) << 32 | UInt64(words.y)) & .max >> Int64(i % 60) | 1
      let boundary = max(length, time / length * length)
      for t in [time, boundary - 1, boundary, boundary + 1] where t > 0 {
        #expect(windows.number(of: Time(picoseconds: t)) == Int((t - 1) / length))
      }
    }
  }
}
