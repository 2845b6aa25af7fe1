import SNNSignals

/// Ours, not Foundation's class of the same name.
typealias Unit = SNNSignals.Unit
