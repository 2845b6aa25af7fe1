import SNNSignals
import SNNTraining

/// The models, inputs and rules a network file may use: a plain list, in one place. A user's own package writes
/// `Catalogue.standard.adding(neuron: MyNeuron.self)`, `.adding(learningRule: MyRule.self)` or
/// `.adding(learner: MyLearner.self)`.
public struct Catalogue: Sendable {
  public private(set) var neurons: [any NeuronModel.Type]
  public private(set) var rules: [any ConnectionRule.Type]
  public private(set) var thirdRules: [any ThirdFactorRule.Type]
  public private(set) var learningRules: [any LearningRule.Type]
  public private(set) var delayRules: [any DelayRule.Type]
  public private(set) var releaseRules: [any ReleaseRule.Type]
  public private(set) var structuralRules: [any StructuralRule.Type]
  public private(set) var learners: [any Learner.Type]
  public private(set) var encoders: [any Encoder.Type]
  /// Descriptions of the inputs that the compiler knows.
  public private(set) var inputs: [EntryDescription]
  /// Descriptions of the formats of labelled samples that can be read.
  public private(set) var data: [EntryDescription]

  public init(
    neurons: [any NeuronModel.Type], rules: [any ConnectionRule.Type], thirdRules: [any ThirdFactorRule.Type] = [],
    learningRules: [any LearningRule.Type] = [], delayRules: [any DelayRule.Type] = [],
    releaseRules: [any ReleaseRule.Type] = [], structuralRules: [any StructuralRule.Type] = [],
    learners: [any Learner.Type] = [], encoders: [any Encoder.Type] = [], inputs: [EntryDescription],
    data: [EntryDescription] = []
  ) {
    self.neurons = neurons
    self.rules = rules
    self.thirdRules = thirdRules
    self.learningRules = learningRules
    self.delayRules = delayRules
    self.releaseRules = releaseRules
    self.structuralRules = structuralRules
    self.learners = learners
    self.encoders = encoders
    self.inputs = inputs
    self.data = data
  }

  public func adding(neuron: any NeuronModel.Type) -> Catalogue { adding(neuron, to: \.neurons) }
  public func adding(rule: any ConnectionRule.Type) -> Catalogue { adding(rule, to: \.rules) }
  public func adding(learningRule: any LearningRule.Type) -> Catalogue { adding(learningRule, to: \.learningRules) }
  public func adding(delayRule: any DelayRule.Type) -> Catalogue { adding(delayRule, to: \.delayRules) }
  public func adding(structuralRule: any StructuralRule.Type) -> Catalogue { adding(structuralRule, to: \.structuralRules) }
  public func adding(learner: any Learner.Type) -> Catalogue { adding(learner, to: \.learners) }
  public func adding(encoder: any Encoder.Type) -> Catalogue { adding(encoder, to: \.encoders) }

  private func adding<Entry>(_ entry: Entry, to list: WritableKeyPath<Catalogue, [Entry]>) -> Catalogue {
    var copy = self
    copy[keyPath: list].append(entry)
    return copy
  }

  public func neuron(_ name: String) -> (any NeuronModel.Type)? { neurons.first { $0.name == name } }
  public func rule(_ name: String) -> (any ConnectionRule.Type)? { rules.first { $0.description.name == name } }

  public func thirdRule(_ name: String) -> (any ThirdFactorRule.Type)? {
    thirdRules.first { $0.description.name == name }
  }
  public func learningRule(_ name: String) -> (any LearningRule.Type)? { learningRules.first { $0.name == name } }
  public func delayRule(_ name: String) -> (any DelayRule.Type)? { delayRules.first { $0.name == name } }
  public func releaseRule(_ name: String) -> (any ReleaseRule.Type)? { releaseRules.first { $0.name == name } }
  public func learner(_ name: String) -> (any Learner.Type)? { learners.first { $0.name == name } }
  public func encoder(_ name: String) -> (any Encoder.Type)? { encoders.first { $0.name == name } }
  public func structuralRule(_ name: String) -> (any StructuralRule.Type)? { structuralRules.first { $0.name == name } }

  /// Everything as the outside sees it.
  public var vocabulary: Vocabulary {
    Vocabulary(
      neurons.map { $0.entry } + inputs + rules.map { $0.description } + thirdRules.map { $0.description }
        + learningRules.map { $0.entry } + delayRules.map { $0.entry } + releaseRules.map { $0.entry }
        + structuralRules.map { $0.entry } + learners.map { $0.entry } + encoders.map { $0.entry } + data)
  }
}

extension NeuronModel {
  /// The entry of this model in the vocabulary, made from its tables.
  public static var entry: EntryDescription {
    let standard = Self()
    var entry = EntryDescription(
      category: .neuron, name: name, summary: summary, equations: equations, source: source,
      fields: parameters.map {
        FieldDescription($0.name, .quantity, $0.unit, default: .number(standard[keyPath: $0.keyPath]), $0.bound, $0.meaning)
      })
    entry.weightUnit = weightKind.unit
    if let clocked = Self.self as? any ClockedNeuron.Type {
      entry.engines.append("grid")
      entry.states = clocked.stateFields
    }
    if let event = Self.self as? any EventDrivenNeuron.Type {
      entry.engines.append("exact")
      let known = Set(entry.states.map(\.name))
      entry.states += event.eventStateFields.filter { !known.contains($0.name) }
    }
    return entry
  }
}

extension ClockedNeuron {
  /// State variables with their values at t = 0.
  public static var stateFields: [FieldDescription] {
    let initial = Self().initialState()
    return stateVariables.map {
      FieldDescription($0.name, .quantity, $0.unit, default: .number(initial[keyPath: $0.keyPath][0]), .any, $0.meaning)
    }
  }
}

extension EventDrivenNeuron {
  public static var eventStateFields: [FieldDescription] {
    let initial = Self().initialEventState()
    return eventStateVariables.map {
      FieldDescription($0.name, .quantity, $0.unit, default: .number(initial[keyPath: $0.keyPath]), .any, $0.meaning)
    }
  }
}
