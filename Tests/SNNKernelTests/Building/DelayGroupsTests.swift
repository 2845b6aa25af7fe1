import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@testable import SNNKernel

@Suite struct DelayGroupsTests {
  static let delay = SynapseValue.drawn(.normal(mean: 2, sd: 0.6, min: 0.2, max: 4), stream(3, .delay))
  static let weight = SynapseValue.drawn(.uniform(low: -1, high: 2), stream(3, .weight))

  /// The same projection with rows as they come, and sorted by delay.
  func tables(
    _ rule: any ConnectionRule, weight: SynapseValue, delay: SynapseValue = Self.delay, kind: WeightKind = .current
  ) throws -> (plain: [SynapseTable], grouped: [SynapseTable]) {
    var blueprint = blueprint(rule, shape(150, 700), weight: weight, delay: delay, kind: kind)
    let plain = try SynapseTable.build(blueprint, targets: 100..<600)
    blueprint.groupsDelays = true
    let grouped = try SynapseTable.build(blueprint, targets: 100..<600)
    return (plain, grouped)
  }

  @Test(
    "A table sorted by delay holds the same synapses, also by receptor, with one weight and as conductances",
    arguments: [
      (Self.weight, WeightKind.current), (.shared(0.1), .current), (.shared(-3), .conductance), (Self.weight, .conductance),
    ])
  func sameSynapses(_ weight: SynapseValue, _ kind: WeightKind) throws {
    for rule in [FixedOutdegree(k: 300, autapses: true, multapses: true), AllToAll()] as [any ConnectionRule] {
      let (plain, grouped) = try tables(rule, weight: weight, kind: kind)
      #expect(plain.count == grouped.count && !plain.isEmpty)
      for (a, b) in zip(plain, grouped) {
        guard case .groups(let groups) = b.delays else {
          Issue.record("not sorted by delay")
          continue
        }
        #expect(b.invariants() == [])
        #expect(a.synapses.sorted() == b.synapses.sorted())
        #expect((a.minimumDelay, a.maximumDelay, a.receptor) == (b.minimumDelay, b.maximumDelay, b.receptor))
        // Two bytes to a target, rounded up by group, four to a weight and a group, three numbers to a source.
        let count = Int(groups.starts[150])
        let known = b.count * (b.hasOwnWeights ? 6 : 2) + 4 * count + 3 * 4 * 151
        #expect(b.byteCount >= known && b.byteCount <= known + 2 * count + SingleEntry.atOnce * 4)
      }
    }
  }

  @Test("Rows in which few synapses share a delay, or whose delays are short or one, stay as they are")
  func leftAlone() throws {
    let short = SynapseValue.drawn(.uniform(low: 0.1, high: 1.6), stream(3, .delay))
    let far = SynapseValue.drawn(.uniform(low: 1, high: 400), stream(3, .delay))
    for (rule, delay) in [
      (FixedOutdegree(k: 30, autapses: true, multapses: true), Self.delay), (AllToAll(), short), (AllToAll(), far),
      (AllToAll(), .shared(3)),
    ] as [(any ConnectionRule, SynapseValue)] {
      let (plain, grouped) = try tables(rule, weight: .shared(1), delay: delay)
      if case .groups = grouped[0].delays { Issue.record("sorted by delay") }
      #expect(plain.map(\.synapses) == grouped.map(\.synapses))
    }
  }

  @Test("Inputs in a calendar come back by step, in the order in which they were added, over many blocks")
  func calendar() {
    let calendar = InputCalendar<SingleEntry>(steps: 5)
    let sink = CalendarSink(calendar)
    var expected = [[(Double, Int)]](repeating: [], count: 8)
    let targets = (0..<200).map { UInt16($0 * 37 % 101) }
    let weights = (0..<200).map { Float($0) * 0.25 }
    for round in 0..<40 {
      let step = round % 5
      let count = [1, 15, 16, 17, 180][round * 3 % 5]
      sink.add(weights, targets: targets, count: count, at: sink.place(step))
      expected[step] += (0..<count).map { (Double(weights[$0]), Int(targets[$0])) }
      sink.add(0.5, target: round, at: sink.place(step))
      expected[step].append((0.5, round))
      guard round % 7 == 6 else { continue }
      var found: [(Double, Int)] = []
      calendar.take(sink.place(step)) { first, end in
        for entry in UnsafeBufferPointer(start: first, count: end - first) { found.append((entry.weight, entry.target)) }
      }
      #expect(found.map(\.0) == expected[step].map(\.0) && found.map(\.1) == expected[step].map(\.1))
      expected[step] = []
    }
  }
}
