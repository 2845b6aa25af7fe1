import SNNSignals

/// Which spikes of one population are recorded.
public struct SpikeSelection: Sendable, Equatable {
  /// Position of the population in the network file.
  public var population: Int
  public var name: String
  /// `nil` stands for all.
  public var ids: [UInt32]?
  /// Spikes with `from` < time ≤ `to`, as NEST's `start` and `stop`.
  public var from: Time?
  public var to: Time?

  public init(population: Int, name: String, ids: [UInt32]? = nil, from: Time? = nil, to: Time? = nil) {
    self.population = population
    self.name = name
    self.ids = ids
    self.from = from
    self.to = to
  }
}

/// Hands the selected spikes to the writers of a results directory.
///
/// The writers see one population for each different name of the selections, in the order given. A spike that several selections of one
/// population name is recorded once.
public final class SpikeRecorder: SpikeSink {
  private struct Condition {
    var isWanted: [Bool]?
    var from: Time?
    var to: Time?

    init(_ selection: SpikeSelection) {
      from = selection.from
      to = selection.to
      isWanted = selection.ids.map { ids in
        var wanted = [Bool](repeating: false, count: ids.max().map { Int($0) + 1 } ?? 0)
        for id in ids { wanted[Int(id)] = true }
        return wanted
      }
    }

    var takesAll: Bool { isWanted == nil && from == nil && to == nil }

    func takes(_ spike: Spike) -> Bool {
      if let isWanted, Int(spike.id) >= isWanted.count || !isWanted[Int(spike.id)] { return false }
      if let from, spike.time <= from { return false }
      if let to, spike.time > to { return false }
      return true
    }
  }
  /// Position in the network file and conditions of each recorded population.
  private let recorded: [(population: Int, conditions: [Condition])]
  private let writers: [any SpikeSink]

  /// - Parameter writers: made for the populations that ``names(of:)`` lists, in its order.
  public init(_ selections: [SpikeSelection], writers: [any SpikeSink]) {
    self.writers = writers
    recorded = Self.names(of: selections).map { name in
      let own = selections.filter { $0.name == name }
      return (own[0].population, own.map(Condition.init))
    }
  }

  /// The populations that writers of these selections are to know, each once.
  public static func names(of selections: [SpikeSelection]) -> [String] {
    var names: [String] = []
    for selection in selections where !names.contains(selection.name) { names.append(selection.name) }
    return names
  }

  public func take(_ spikes: WindowSpikes) throws {
    let selected = recorded.map { population, conditions in
      let all = spikes.populations[population]
      return conditions.contains(where: \.takesAll) ? all : all.filter { spike in conditions.contains { $0.takes(spike) } }
    }
    let kept = WindowSpikes(window: spikes.window, populations: selected)
    for writer in writers { try writer.take(kept) }
  }

  public func pass(through state: StateTransfer) throws { for writer in writers { try writer.pass(through: state) } }
  public func flush() throws { for writer in writers { try writer.flush() } }
  public func close() throws { for writer in writers { try writer.close() } }
}
