import SNNDynamics
import SNNModels
import SNNSignals
import Testing

@Suite("Connection rules")
struct ConnectionRuleTests {
  static let rules: [any ConnectionRule] = [
    AllToAll(), FixedIndegree(k: 8), FixedIndegree(k: 20, multapses: false), FixedOutdegree(k: 8),
    FixedOutdegree(k: 4, multapses: false), FixedTotalNumber(n: 200), FixedTotalNumber(n: 500, multapses: false),
    PairwiseBernoulli(p: 0.2), PairList(pre: [5, 1, 5], post: [28, 3, 4]),
  ]

  @Test("A rule lists the same synapses whatever parts it is asked for", arguments: 0..<5)
  func parts(seed: UInt64) {
    for rule in Self.rules {
      let shape = projection(29, 29, recurrent: true, seed: seed)
      #expect(rule.problems(shape) == [])
      let all = rule.listed(shape)
      #expect(!all.isEmpty)
      for part in [1, 4, 13] { #expect(rule.listed(shape, part: part) == all) }
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.target <= $1.target })
      if !(rule is PairwiseBernoulli) { #expect(rule.expectedSynapses(shape) == Double(all.count)) }
    }
  }

  @Test("A random rule lists other synapses for another seed")
  func seeds() {
    for rule in Self.rules where !(rule is AllToAll || rule is PairList) {
      #expect(rule.listed(projection(29, 29, seed: 1)) != rule.listed(projection(29, 29, seed: 2)))
    }
  }

  @Test("The number of synapses that a rule gives for a source is that of its row")
  func rowLengths() {
    let rules: [any ConnectionRule & SourceRows] = [
      AllToAll(), AllToAll(autapses: true), OneToOne(autapses: true), FixedOutdegree(k: 8),
      FixedOutdegree(k: 4, multapses: false),
      FixedOutdegree(k: 25, multapses: false),
    ]
    for rule in rules {
      for shape in [projection(29, 29, recurrent: true), projection(29, 29)] {
        let list = RowList()
        for source in 0..<29 {
          rule.appendRow(shape, source: source, to: list)
          #expect(list.row(source).count == rule.rowLength(shape, source: source))
        }
        #expect(Double(list.count) == rule.expectedSynapses(shape))
      }
    }
  }

  @Test("Passes count and fill see what the rule lists")
  func passes() {
    for rule in Self.rules {
      let shape = projection(29, 29, recurrent: true)
      guard case .byTarget(let lists) = rule.connectivity(shape) else { continue }
      let listed = rule.listed(shape)
      var counts = [UInt32](repeating: 0, count: 29)
      counts.withUnsafeMutableBufferPointer {
        lists.count(shape, targets: 0..<29, into: RowCounter(counts: $0.baseAddress!))
      }
      #expect(counts.map(Double.init) == degrees(29, of: listed.map(\.source)))
    }
  }

  @Test("The catalogue holds the rules of the network file under NEST's names, each made from the fields it describes")
  func catalogue() throws {
    #expect(
      Catalogue.standardRules.map { $0.description.name } == [
        "all_to_all", "one_to_one", "fixed_indegree", "fixed_outdegree", "fixed_total_number", "pairwise_bernoulli", "list",
        "file",
      ])
    let values: [String: FieldValue] = [
      "k": .integer(3), "n": .integer(30), "p": .number(0.5), "pre": .ids([0]), "post": .ids([1]),
    ]
    for type in Catalogue.standardRules where type.description.name != "file" {
      let required = type.description.fields.filter { $0.standard == .required }.map(\.name)
      let fields = values.filter { required.contains($0.key) }
      #expect(try type.init(fields: fields).problems(projection(5, 5)) == [])
      for name in required {
        #expect(throws: RuleFieldError(rule: type.description.name, field: name)) {
          try type.init(fields: fields.filter { $0.key != name })
        }
      }
    }
    #expect(try FixedIndegree(fields: ["k": .integer(2), "multapses": .boolean(false)]).multapses == false)
  }
}
