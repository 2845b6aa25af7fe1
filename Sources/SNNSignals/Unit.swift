/// The units of the network file: one family, NEST's. Inside the program a quantity is a plain `Double` in one of these.
public enum Unit: String, Sendable, CaseIterable {
  case ms, mV, pF, pA, nS, Hz
  case degree = "deg"
  /// 1/ms, for rate constants.
  case perMillisecond = "1/ms"
  /// mV/ms, the unit of a drift of the membrane potential.
  case millivoltPerMillisecond = "mV/ms"
  /// Concentrations (of calcium, IP3, glutamate), their rates of change, and rate constants of binding.
  case micromolar = "uM"
  case micromolarPerMillisecond = "uM/ms"
  case perMicromolarMillisecond = "1/uM/ms"
  /// pA·ms = fC is not needed; a plain number has no unit.
  case none = ""

  /// Spellings a quantity string may use for this dimension, with the factor into this unit.
  public var spellings: [(symbol: String, factor: Double)] {
    switch self {
    case .ms: [("ms", 1), ("s", 1e3), ("us", 1e-3), ("µs", 1e-3), ("min", 6e4), ("h", 3.6e6), ("ns", 1e-6), ("ps", 1e-9)]
    case .mV: [("mV", 1), ("V", 1e3), ("uV", 1e-3), ("µV", 1e-3)]
    case .pF: [("pF", 1), ("nF", 1e3), ("uF", 1e6), ("µF", 1e6)]
    case .pA: [("pA", 1), ("nA", 1e3), ("uA", 1e6), ("µA", 1e6), ("fA", 1e-3)]
    case .nS: [("nS", 1), ("uS", 1e3), ("µS", 1e3), ("mS", 1e6), ("pS", 1e-3)]
    case .Hz: [("Hz", 1), ("kHz", 1e3), ("1/s", 1), ("MHz", 1e6)]
    case .degree: [("deg", 1), ("°", 1), ("rad", 180 / Double.pi)]
    case .perMillisecond: [("1/ms", 1), ("1/s", 1e-3)]
    case .millivoltPerMillisecond: [("mV/ms", 1), ("V/s", 1)]
    case .micromolar: [("uM", 1), ("µM", 1), ("mM", 1e3), ("nM", 1e-3)]
    case .micromolarPerMillisecond: [("uM/ms", 1), ("µM/ms", 1), ("uM/s", 1e-3), ("µM/s", 1e-3)]
    case .perMicromolarMillisecond: [("1/uM/ms", 1), ("1/µM/ms", 1), ("1/uM/s", 1e-3), ("1/µM/s", 1e-3)]
    case .none: []
    }
  }
}
