/// A distribution that a parameter, initial value, weight or delay is drawn from, one draw per entity.
public enum Distribution: Hashable, Sendable {
  case uniform(low: Double, high: Double)
  /// Redrawn while outside [min, max], as NEST's truncated normal.
  case normal(mean: Double, sd: Double, min: Double?, max: Double?)
  /// exp of a normal number: `mean` and `sd` are those of the underlying normal, as NEST's `lognormal`.
  case lognormal(mean: Double, sd: Double)
  /// Mean `scale`, which the network file calls `mean`.
  case exponential(scale: Double)
}

/// A value of the network file that may differ from entity to entity, in the field's unit.
public enum ValueSource: Hashable, Sendable {
  case number(Double)
  case list([Double])
  /// A path, resolved to an existing file; `.npy`, `.npz` (single array) or `.csv`.
  case file(String)
  case distribution(Distribution)
}

/// What the value of one field of an entry was after parsing.
public enum FieldValue: Hashable, Sendable {
  case value(ValueSource)
  case number(Double)
  case integer(Int)
  case boolean(Bool)
  case text(String)
  case numbers([Double])
  case ids([UInt32])
  case integers([Int])
  case names([String])
  /// A resolved path.
  case path(String)
}
