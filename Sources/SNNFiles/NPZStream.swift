import Foundation
import SNNSignals

/// Writes a npz file whose arrays grow while a simulation runs, in memory that does not.
///
/// Rows are collected in a ``RowSpool``; ``close()`` puts each array together. Nothing appears under the final name before, and the
/// number of open files does not depend on the number of arrays.
public final class NPZStream: Checkpointed {
  public let path: String
  private let spool: RowSpool
  private var isOpen = true

  /// - Parameter spool: without arrays; a temporary one beside the file unless given.
  public init(path: String, spool: RowSpool? = nil) throws {
    self.path = path
    self.spool =
      try spool
      ?? RowSpool(
        path: "\(path).\(ProcessInfo.processInfo.processIdentifier).rows.part", shownAs: path, isKept: false)
  }

  /// Adds an array that is known already.
  public func add(_ name: String, _ array: NPYArray) { spool.add(name, array) }

  /// Adds an array of shape [rows, rowShape…] whose rows arrive later. Returns its number for ``append(_:to:)``.
  public func addGrowing(_ name: String, _ element: NPYArray.Element, rowShape: [Int] = []) -> Int {
    spool.add(name, element, rowShape: rowShape)
  }

  /// Appends whole rows to a growing array of `float64`.
  public func append(_ values: [Double], to member: Int) { spool.append(values, to: member) }
  /// Appends whole rows to a growing array of `uint32`.
  public func append(_ values: [UInt32], to member: Int) { spool.append(values, to: member) }

  /// Says that all arrays have what belongs together: the moment at which rows may leave memory.
  public func commit() throws { try spool.commit() }

  /// Brings all rows to the disk's care.
  public func flush() throws { try spool.flush() }

  public func pass(through state: StateTransfer) throws { try spool.pass(through: state) }

  /// Puts the file together under its final name.
  public func close() throws {
    guard isOpen else { return }
    isOpen = false
    defer { spool.close() }
    try spool.writeNPZ(to: path)
  }
}
