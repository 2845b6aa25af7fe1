import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@Suite("Rules without chance")
struct DeterministicRulesTests {
  @Test("all_to_all lists every pair once, without autapses within one population unless allowed")
  func allToAll() {
    for (recurrent, autapses) in [(false, false), (true, false), (true, true)] {
      var expected: [ListedSynapse] = []
      for target in 0..<6 {
        var number = 0
        for source in 0..<6 where !recurrent || autapses || source != target {
          expected.append(ListedSynapse(source: source, target: target, number: number))
          number += 1
        }
      }
      let rule = AllToAll(autapses: autapses)
      let shape = projection(6, 6, recurrent: recurrent)
      #expect(rule.listed(shape) == expected)
      #expect(rule.expectedSynapses(shape) == Double(expected.count))
    }
  }

  @Test("one_to_one connects equal places and refuses unequal sizes")
  func oneToOne() {
    let rule = OneToOne()
    #expect(rule.listed(projection(5, 5)) == (0..<5).map { ListedSynapse(source: $0, target: $0, number: 0) })
    #expect(rule.problems(projection(5, 5)) == [])
    #expect(rule.problems(projection(5, 6)).first?.contains("5 sources and 6 targets") == true)
    #expect(rule.problems(projection(5, 5, recurrent: true)).first?.contains("autapses") == true)
    #expect(OneToOne(autapses: true).problems(projection(5, 5, recurrent: true)) == [])
  }

  @Test("list makes the listed synapses, by target, and numbers them by their place in the list")
  func list() {
    let rule = PairList(pre: [3, 0, 3, 1, 3], post: [1, 2, 1, 0, 2], weight: [1, 2, 3, 4, 5])
    let expected = [(1, 0, 3), (3, 1, 0), (3, 1, 2), (0, 2, 1), (3, 2, 4)]
      .map { ListedSynapse(source: $0.0, target: $0.1, number: $0.2) }
    #expect(rule.listed(projection(4, 3)) == expected)
    #expect(rule.expectedSynapses(projection(4, 3)) == 5)
    #expect(rule.listedWeights == [1, 2, 3, 4, 5])
    #expect(rule.listedDelays == nil)
  }

  @Test("list names the entry that does not fit the populations")
  func listProblems() {
    let rule = PairList(pre: [0, 9], post: [0, 1, 7], weight: [.nan, 1], delay: [1, 0])
    let problems = rule.problems(projection(4, 3))
    for part in ["post has 3 entries but pre has 2", "pre[1] is 9", "post[2] is 7", "weight[0]", "delay[1] is 0.0 ms"] {
      #expect(problems.contains { $0.contains(part) }, "\(part)")
    }
    #expect(problems.count == 5)
  }

  @Test("file is list, with the arrays that were read beside its path")
  func file() throws {
    let fields: [String: FieldValue] = [
      "path": .path("pairs.csv"), "pre": .ids([2, 1]), "post": .ids([0, 1]), "delay": .numbers([1.5, 2.5]),
    ]
    let rule = try PairFile(fields: fields)
    #expect(rule.listed(projection(3, 2)) == PairList(pre: [2, 1], post: [0, 1]).listed(projection(3, 2)))
    #expect(rule.listedDelays == [1.5, 2.5])
    #expect(throws: RuleFieldError(rule: "file", field: "pre")) { try PairFile(fields: ["path": .path("pairs.csv")]) }
  }
}
