/// Runs numbered tasks on whatever threads there are.
///
/// What a task computes must depend on its number alone, and tasks share nothing that they write: then a result has the same
/// bits on any number of threads. Cut work by its shape, never by the number of threads.
public struct Parallel: Sendable {
  /// Runs `body(0) … body(count − 1)`, each once, and returns when all have finished. Not to be called from a task.
  public let forEach: @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

  public init(forEach: @escaping @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void) {
    self.forEach = forEach
  }

  /// On the caller's thread, in order.
  public static let serial = Parallel { count, body in
    for task in 0..<count { body(task) }
  }
}
