import CPrimitives
import SNNSignals

/// What is known of a neuron's next spike.
public enum Crossing: Sendable, Equatable {
  /// The membrane first reaches threshold this many ms from now.
  case at(Double)
  /// It will not, whatever time passes, unless something arrives.
  case never
  /// Not within this many ms (> 0); look again then.
  case notBefore(Double)
}

/// A neuron advanced from event to event, with spike times off the grid.
///
/// The kernel owns the order of events, the refractory hold and the injected current; the model owns the mathematics between
/// two events. Times are ms relative to the state's own moment. `held` says that the neuron is refractory: the membrane
/// stays at its reset value while synaptic currents and conductances go on.
public protocol EventDrivenNeuron: NeuronModel {
  /// State of one neuron; stored properties are all `Double`.
  associatedtype EventState: BitwiseCopyable & Sendable
  /// Constants of one neuron; stored properties are all `Double`.
  associatedtype EventConstants: BitwiseCopyable & Sendable

  /// The membrane potential comes first.
  static var eventStateVariables: [StateVariable<EventState, Double>] { get }
  func initialEventState() -> EventState
  func eventConstants() -> EventConstants

  /// The state `dt` ≥ 0 ms later, with no event in between and the injected current (pA, without I_e) constant.
  static func flow(_ state: inout EventState, _ c: EventConstants, current: Double, dt: Double, held: Bool)
  /// Adds a spike of `weight` through `receptor`. While `held`, a model may ignore it as NEST's does (delta synapses).
  static func receive(_ state: inout EventState, _ c: EventConstants, weight: Double, receptor: Receptor, held: Bool)
  /// Whether the membrane stands at or above threshold now.
  static func isAboveThreshold(_ state: EventState, _ c: EventConstants) -> Bool
  /// The *first* time in (0, horizon] at which the membrane reaches threshold; `horizon` may be infinite, and a crossing
  /// beyond it may be reported or not. The neuron is not refractory and stands below threshold. Error below 1e-9 ms; no
  /// crossing is missed.
  static func nextCrossing(_ state: EventState, _ c: EventConstants, current: Double, horizon: Double) -> Crossing
  /// What a spike does to the state (the reset).
  static func fire(_ state: inout EventState, _ c: EventConstants)

  /// The loop over neurons and events. A requirement, so that it is compiled once per model; the default serves all.
  static func advance(_ run: inout EventRun<EventState, EventConstants>)
}

extension EventDrivenNeuron {
  /// Due neurons looked ahead: a neuron is in no cache when its event comes, as others have theirs in between.
  @inlinable @inline(__always) static var neuronsAhead: Int { 12 }

  /// Each due neuron through its events and its own actions, in order of time. Neurons do not meet inside a window.
  @inlinable
  public static func advance(_ run: inout EventRun<EventState, EventConstants>) {
    let (neurons, due, events, end) = (run.neurons, run.due, run.events, run.end)
    for n in 0..<min(neuronsAhead, due.count) { prefetch(neurons + Int(due[n])) }
    var e = 0
    for n in 0..<due.count {
      if n &+ neuronsAhead < due.count { prefetch(neurons + Int(due[n &+ neuronsAhead])) }
      let index = due[n]
      let i = Int(index)
      let c = run.constants + i &* run.constantsStride
      let refractory = run.refractory[i &* run.constantsStride]
      var state = neurons[i].state
      var clock = neurons[i].clock
      var last = e
      while last < events.count && events[last].index == index { last &+= 1 }
      while true {
        let next = min(e < last ? events[e].time : .never, clock.nextTime)
        guard next <= end else { break }
        flow(
          &state, c.pointee, current: clock.current, dt: (next - clock.time).milliseconds, held: clock.heldUntil > clock.time)
        clock.time = next
        var spikes = clock.nextTime == next && clock.nextAction == .spike
        if spikes { fire(&state, c.pointee) }
        let held = spikes ? refractory > .zero : clock.heldUntil > next
        // All events of one moment arrive together; the threshold is looked at once.
        while e < last && events[e].time == next {
          let event = events[e]
          switch event.kind {
          case .excitatory: receive(&state, c.pointee, weight: event.value, receptor: .excitatory, held: held)
          case .inhibitory: receive(&state, c.pointee, weight: event.value, receptor: .inhibitory, held: held)
          case .current: clock.current += event.value
          }
          e &+= 1
        }
        if !spikes && !held && isAboveThreshold(state, c.pointee) {
          spikes = true
          fire(&state, c.pointee)
        }
        if spikes {
          run.spikes.append(Spike(time: next, id: run.firstID &+ index))
          clock.heldUntil = next + refractory
        }
        if clock.heldUntil > next {
          clock.nextTime = clock.heldUntil
          clock.nextAction = .release
        } else {
          let horizon = e < last ? (events[e].time - next).milliseconds : .infinity
          clock.expect(nextCrossing(state, c.pointee, current: clock.current, horizon: horizon))
        }
      }
      neurons[i].state = state
      neurons[i].clock = clock
      if clock.nextTime != .never { run.awaiting.append(index) }
      run.anyExtreme = run.anyExtreme || isExtreme(state) || !(abs(clock.current) <= extreme)
      // Events after the end stay for the next call: they were in sight as the horizon of the search only.
      e = last
    }
  }

  /// Whether a variable is so large that it may not stay finite while nothing happens to the neuron, or no number already.
  @inlinable @inline(__always)
  static func isExtreme(_ state: EventState) -> Bool {
    withUnsafeBytes(of: state) { bytes in
      let values = bytes.assumingMemoryBound(to: Double.self)
      var isOrdinary = true
      for field in 0..<MemoryLayout<EventState>.size / 8 { isOrdinary = isOrdinary && abs(values[field]) <= extreme }
      return !isOrdinary
    }
  }
  @inlinable @inline(__always) static var extreme: Double { 1e100 }

  /// A neuron's first two cache lines; most take one.
  @inlinable @inline(__always)
  static func prefetch(_ neuron: UnsafeMutablePointer<EventNeuron<EventState>>) {
    primitive_prefetch(neuron)
    if MemoryLayout<EventNeuron<EventState>>.stride > 64 { primitive_prefetch(UnsafeRawPointer(neuron) + 64) }
  }
}
