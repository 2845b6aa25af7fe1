import Dispatch
import SNNSignals
import Testing

@testable import SNNTraining

@Suite struct BatchMakerTests {
  @Test("A batch lies step by step: each step is one matrix of samples × features") func layout() throws {
    let set = Dataset(
      name: "s",
      LabelledSamples(.values((0..<12).map(Float.init)), steps: 3, features: 2, labels: [0, 1], classNames: ["a", "b"]))
    let batch = try BatchMaker(Encoding(), of: set.shape, seed: 1, parallel: .serial).batch(set, ids: [1, 0], round: 0)
    #expect(batch.inputs == [6, 7, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5])
    #expect(batch.labels == [1, 0] && batch.ids == [1, 0] && batch.steps == 3 && batch.features == 2)
  }

  @Test("An epoch's order holds each sample once, differs from epoch to epoch, from set to set and from seed to seed")
  func order() throws {
    let (set, other) = (counted(500), counted(500, name: "other"))
    func maker(_ seed: UInt64) throws -> BatchMaker { try BatchMaker(Encoding(), of: set.shape, seed: seed, parallel: .serial) }
    let orders = [
      try maker(1).order(of: set, epoch: 0), try maker(1).order(of: set, epoch: 1), try maker(2).order(of: set, epoch: 0),
      try maker(1).order(of: other, epoch: 0),
    ]
    for order in orders { #expect(order.sorted() == Array(0..<500)) }
    #expect(Set(orders).count == 4)
    #expect(try maker(1).order(of: set, epoch: 1) == orders[1])
    // Fixed points of a random permutation are Poisson with mean 1: more than 8 come once in 10⁶.
    for order in orders { #expect(order.enumerated().count { $0.offset == $0.element } <= 8) }
  }

  @Test("A sample is encoded alike in whichever batch, on however many threads, and anew in each round") func drawsAreOfSamples()
    throws
  {
    let set = Dataset(
      name: "s",
      LabelledSamples(
        .bytes((0..<400).map { UInt8($0 % 256) }, scale: 1 / 255), steps: 1, features: 10, labels: (0..<40).map { $0 % 2 },
        classNames: ["a", "b"]))
    let parallel = Parallel { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) }
    var rate = RateEncoder()
    rate.steps = 7
    let makers = try [Parallel.serial, parallel].map { try BatchMaker(Encoding([rate]), of: set.shape, seed: 3, parallel: $0) }
    let whole = makers[0].batch(set, ids: set.ids[...], round: 2)
    #expect(makers[1].batch(set, ids: set.ids[...], round: 2).inputs == whole.inputs)
    let alone = makers[1].batch(set, ids: [17], round: 2)
    for step in 0..<7 {
      #expect(
        Array(alone.inputs[step * 10..<(step + 1) * 10]) == Array(whole.inputs[(step * 40 + 17) * 10..<(step * 40 + 18) * 10]))
    }
    #expect(makers[0].batch(set, ids: [17], round: 3).inputs != alone.inputs)
  }

  @Test("A permuted set has the same values in another order, the same for every set of the seed; 0 is the set itself")
  func permutation() {
    let (a, b) = (counted(4, features: 20), counted(3, features: 20, name: "test"))
    func values(_ set: Dataset, _ id: Int) -> [Float] {
      if case .frames(let frames) = set.sample(id) { frames.values } else { [] }
    }
    let (pa, pb) = (a.permuted(1, seed: 5), b.permuted(1, seed: 5))
    #expect(values(pa, 2) != values(a, 2) && values(pa, 2).sorted() == values(a, 2))
    #expect(values(pa, 2) == values(pb, 2))
    #expect(values(a.permuted(0, seed: 5), 2) == values(a, 2))
    #expect(values(a.permuted(2, seed: 5), 2) != values(pa, 2))
    #expect(values(a.permuted(1, seed: 6), 2) != values(pa, 2))
  }

  @Test("Events are permuted by channel") func permutedEvents() throws {
    let list = (0..<9).map { SampleEvent(time: Float($0), channel: UInt32($0)) }
    let set = Dataset(
      name: "e", LabelledSamples(.events([list]), steps: 0, features: 9, labels: [0], classNames: ["a", "b"]))
    let permuted = set.permuted(3, seed: 1)
    guard case .events(let events) = permuted.sample(0) else { return #expect(Bool(false), "events") }
    #expect(events.map(\.time) == list.map(\.time) && events.map(\.channel).sorted() == Array(0..<9))
    let order = try #require(permuted.permutation)
    // New place p holds what was at order[p].
    for (old, event) in events.enumerated() { #expect(order[Int(event.channel)] == old) }
  }
}
