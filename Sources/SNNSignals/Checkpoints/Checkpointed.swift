/// State that a checkpoint keeps.
///
/// One list serves both ways: ``pass(through:)`` hands over every changing value, and the transfer writes it into a checkpoint
/// or replaces it from one. So what is saved and what is restored can't differ. What is made anew from the network file is not
/// among it.
public protocol Checkpointed: AnyObject {
  /// - Throws: ``CheckpointError`` when what is restored does not fit; the state is then mixed, and must be restored from
  ///   another checkpoint or thrown away.
  func pass(through state: StateTransfer) throws
}

/// Where sections are written.
public protocol CheckpointSink: AnyObject {
  /// Ends the section before, if there was one.
  func begin(_ section: String, version: Int) throws
  func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Where sections are read.
public protocol CheckpointSource: AnyObject {
  /// The bytes are valid as long as the source is.
  func section(_ name: String) throws -> (version: Int, bytes: UnsafeRawBufferPointer)
}

/// A checkpoint does not hold what is asked of it.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Of the checkpoint.
  public var section: String
  public var problem: String

  public init(section: String, _ problem: String) {
    self.section = section
    self.problem = problem
  }

  public var description: String { "checkpoint, section \"\(section)\": \(problem)" }
}
