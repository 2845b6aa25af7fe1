import Foundation
import SNNDynamics
import SNNSignals

/// The test an event-driven neuron must pass: what breaks the contract of ``EventDrivenNeuron``, as sentences; none is right.
///
///     #expect(checkEventDrivenNeuron(MyNeuron.self) == [])
///
/// The states come from a neuron at rest after random spikes of up to `weight` and currents, so that they are ones that a run can meet.
public func checkEventDrivenNeuron<M: EventDrivenNeuron>(
  _ type: M.Type, weight: Double, current: Double, rounds: Int = 60, seed: UInt64 = 1
) -> [String] {
  var check = EventDrivenNeuronCheck<M>(draws: Draws(seed: seed))
  check.layout()
  for _ in 0..<rounds {
    check.disturb(weight: weight, current: current)
    check.flow()
    check.hold()
    check.crossing()
    check.fire()
  }
  return check.violations
}

private struct EventDrivenNeuronCheck<M: EventDrivenNeuron> {
  let constants = M().eventConstants()
  var state = M().initialEventState()
  var current = 0.0
  var draws: Draws
  var violations: [String] = []

  init(draws: Draws) { self.draws = draws }

  mutating func expect(_ holds: Bool, _ sentence: String) {
    if !holds && !violations.contains(sentence) { violations.append(sentence) }
  }

  func v(_ s: M.EventState) -> Double { s[keyPath: M.eventStateVariables[0].keyPath] }
  func values(_ s: M.EventState) -> [Double] { withUnsafeBytes(of: s) { Array($0.bindMemory(to: Double.self)) } }
  func flowed(_ s: M.EventState, _ dt: Double, held: Bool = false) -> M.EventState {
    var s = s
    M.flow(&s, constants, current: current, dt: dt, held: held)
    return s
  }
  func near(_ a: M.EventState, _ b: M.EventState) -> Bool {
    zip(values(a), values(b)).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($0)) }
  }

  mutating func layout() {
    expect(M.eventStateVariables.first?.name == "V_m", "The membrane potential V_m does not come first.")
    expect(MemoryLayout<M.EventState>.size % 8 == 0, "EventState holds something beside Double.")
    expect(MemoryLayout<M.EventConstants>.size % 8 == 0, "EventConstants holds something beside Double.")
    expect(
      Mirror(reflecting: state).children.allSatisfy { $0.value is Double }, "EventState holds something beside Double.")
    expect(!M.isAboveThreshold(state, constants), "A neuron at rest stands above threshold.")
  }

  mutating func disturb(weight: Double, current highest: Double) {
    state = M().initialEventState()
    current = draws.uniform(-highest, highest)
    for _ in 0..<4 {
      let w = draws.uniform(0, weight)
      let inhibitory = draws.chance(0.4)
      let sign = inhibitory && M.weightKind != .conductance ? -1.0 : 1.0
      let receptor: Receptor = inhibitory && M.weightKind != .potential ? .inhibitory : .excitatory
      M.receive(&state, constants, weight: sign * w, receptor: receptor, held: false)
      state = flowed(state, draws.uniform(0, 3))
    }
  }

  mutating func flow() {
    let (a, b) = (draws.uniform(0, 5), draws.uniform(0, 5))
    expect(near(flowed(state, 0), state), "flow by 0 ms changes the state.")
    expect(near(flowed(flowed(state, a), b), flowed(state, a + b)), "flow by a and then by b is not flow by a + b.")
    expect(values(flowed(state, 1e5)).allSatisfy(\.isFinite), "flow by 100 s is not finite.")
  }

  mutating func hold() {
    let dt = draws.uniform(0, 5)
    expect(v(flowed(state, dt, held: true)) == v(state), "The membrane moves while it is held.")
    let held = values(flowed(state, dt, held: true)).dropFirst()
    let free = values(flowed(state, dt)).dropFirst()
    expect(
      M.weightKind == .potential || held.elementsEqual(free), "Synaptic variables do not go on while the membrane is held.")
  }

  mutating func crossing() {
    guard !M.isAboveThreshold(state, constants) else { return }
    var now = state
    for _ in 0..<40 {
      let horizon = draws.chance(0.5) ? Double.infinity : draws.uniform(0.1, 20)
      let answer = M.nextCrossing(now, constants, current: current, horizon: horizon)
      var quiet = 100.0
      if case .at(let dt) = answer { quiet = dt }
      if case .notBefore(let dt) = answer { quiet = min(dt, 100) }
      expect(quiet >= 0, "nextCrossing looks into the past.")
      for k in 1..<25 {
        expect(
          !M.isAboveThreshold(flowed(now, quiet * Double(k) / 25), constants), "nextCrossing misses a crossing.")
      }
      switch answer {
      case .never: return
      case .at(let dt):
        expect(!M.isAboveThreshold(flowed(now, max(0, dt - 1e-6)), constants), "nextCrossing is late.")
        expect(M.isAboveThreshold(flowed(now, dt + 1e-6), constants), "nextCrossing is early.")
        return
      case .notBefore(let dt):
        expect(dt > 0, "nextCrossing answers notBefore(0).")
        now = flowed(now, dt)
      }
    }
  }

  mutating func fire() {
    M.fire(&state, constants)
    expect(!M.isAboveThreshold(state, constants), "A neuron stands above threshold right after its spike.")
  }
}
