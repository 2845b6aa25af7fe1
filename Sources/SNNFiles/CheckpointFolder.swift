import Foundation
import SNNSignals
import Synchronization

/// The newest checkpoints of one run: `000001.checkpoint`, `000002.checkpoint`, ….
///
/// A checkpoint is written beside and renamed when it is whole. The disk is waited for by another thread, while the run goes on.
public final class CheckpointFolder: @unchecked Sendable {
  // @unchecked: one thread writes checkpoints; what the other one leaves is behind a lock.
  public let path: String
  /// How many are kept.
  private let kept: Int
  private let queue = DispatchQueue(label: "snnsim checkpoints")
  private let failure = Mutex<FileError?>(nil)
  private var next: Int

  /// - Parameter path: of the folder, which is made when the first checkpoint is written.
  public init(path: String, kept: Int) {
    self.path = path
    self.kept = max(1, kept)
    next = (Self.numbers(in: path).last ?? 0) + 1
  }

  /// The numbers of the checkpoints that are there, the oldest first.
  public static func numbers(in path: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { name in
      name.hasSuffix(".checkpoint") ? Int(name.dropLast(".checkpoint".count)) : nil
    }.sorted()
  }

  public static func file(_ number: Int, in path: String) -> String {
    let digits = String(number)
    return path + "/" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".checkpoint"
  }

  /// Writes a checkpoint of everything that `body` passes.
  /// - Parameter beside: a folder of files whose content it refers to: they are on the disk before it.
  /// - Returns: its number.
  @discardableResult
  public func write(beside: String? = nil, _ body: (StateTransfer) throws -> Void) throws -> Int {
    try wait()
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw FileError(.write, path, "cannot be made as a directory", hint: "check the rights of the directory above it")
    }
    let number = next
    let writer = try CheckpointWriter(path: Self.file(number, in: path))
    try body(StateTransfer(savingTo: writer))
    try writer.close()
    next += 1
    // Nobody else has it.
    nonisolated(unsafe) let file = writer.file
    queue.async { [self] in
      do throws(FileError) { try finish(file, number, beside) } catch { failure.withLock { $0 = error } }
    }
    return number
  }

  /// Waits until the last checkpoint is on the disk.
  public func wait() throws {
    queue.sync {}
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func finish(_ file: AtomicFile, _ number: Int, _ beside: String?) throws(FileError) {
    if let beside { Self.sync(beside) }
    do { try file.commit() } catch {
      throw error as? FileError ?? FileError(.write, file.path, "cannot be written: \(error)")
    }
    for old in Self.numbers(in: path) where old <= number - kept { unlink(Self.file(old, in: path)) }
  }

  /// Brings the content of all files in a folder to the disk.
  private static func sync(_ folder: String) {
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [] {
      let descriptor = open(folder + "/" + name, O_RDONLY)
      guard descriptor >= 0 else { continue }
      fsync(descriptor)
      close(descriptor)
    }
  }

  /// Removes the checkpoints after `number`, and what was left half written.
  public static func clear(_ path: String, after number: Int) {
    for newer in numbers(in: path) where newer > number { unlink(file(newer, in: path)) }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasSuffix(".part") {
      unlink(path + "/" + name)
    }
  }
}
