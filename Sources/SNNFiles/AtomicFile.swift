import Foundation

/// A file that appears under its name only when it is complete.
///
/// Until ``commit()`` everything goes to ``temporaryPath`` in the same directory; a file that is dropped without commit is removed.
/// Whoever looks into the directory therefore sees the old file, the new file or none, never half of one.
public final class AtomicFile {
  public let path: String
  public let temporaryPath: String
  private var pending = true

  public init(path: String) {
    self.path = path
    temporaryPath = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
  }

  deinit { discard() }

  /// Brings what was written under ``temporaryPath`` to the disk and renames it to ``path``.
  public func commit() throws {
    guard pending else { return }
    let descriptor = open(temporaryPath, O_RDONLY)
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      let error = FileError.system(.write, path, "write")
      if descriptor >= 0 { close(descriptor) }
      throw error
    }
    close(descriptor)
    guard rename(temporaryPath, path) == 0 else { throw FileError.system(.write, path, "rename the finished file") }
    pending = false
    // The name is on the disk when the directory is. Some file systems know no such thing.
    let above = NSString(string: path).deletingLastPathComponent
    let directory = open(above.isEmpty ? "." : above, O_RDONLY)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  /// Removes what was written.
  public func discard() {
    guard pending else { return }
    unlink(temporaryPath)
    pending = false
  }

  /// Writes a small file in one go.
  public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

  /// Copies a file in flat memory.
  package static func copy(_ source: String, to path: String) throws {
    let reader = try FileReader(path: source)
    let file = AtomicFile(path: path)
    let output = try OutputFile(path: file.temporaryPath, shownAs: path)
    var offset = 0
    while offset < reader.size {
      let bytes = try reader.bytes(at: offset, count: min(1 << 20, reader.size - offset))
      try output.write(bytes)
      offset += bytes.count
    }
    try output.close()
    try file.commit()
  }

  /// Writes a small file in one go.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let file = AtomicFile(path: path)
    let output = try OutputFile(path: file.temporaryPath, shownAs: path)
    try output.write(bytes)
    try output.close()
    try file.commit()
  }
}

/// A file written from start to end through a buffer of constant size.
package final class OutputFile {
  package let path: String
  private let shownPath: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private var written = 0
  private static let capacity = 1 << 18

  /// Errors name `shownAs`, the file's final name, when `path` is a temporary one.
  /// - Parameter isContinued: keeps what is there, until ``truncate(to:)`` says how much of it counts.
  package init(path: String, shownAs: String? = nil, isContinued: Bool = false) throws {
    self.path = path
    shownPath = shownAs ?? path
    descriptor = open(path, O_RDWR | O_CREAT | (isContinued ? 0 : O_TRUNC), 0o666)
    guard descriptor >= 0 else { throw FileError.system(.write, shownPath, "create") }
  }

  deinit { if descriptor >= 0 { Foundation.close(descriptor) } }

  /// Bytes written so far.
  package var count: Int { written + buffer.count }
  /// Bytes in the file.
  package var size: Int {
    let end = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, off_t(written), SEEK_SET)
    return Int(end)
  }

  /// Forgets everything from `offset` on.
  package func truncate(to offset: Int) throws {
    buffer.removeAll(keepingCapacity: true)
    guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
      throw FileError.system(.write, shownPath, "write")
    }
    written = offset
  }

  package func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    if buffer.count + bytes.count > Self.capacity { try flush() }
    if bytes.count > Self.capacity { try put(bytes) } else { buffer.append(contentsOf: bytes) }
  }

  package func flush() throws {
    try buffer.withUnsafeBytes { try put($0) }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Replaces bytes written before.
  func patch(_ bytes: [UInt8], at offset: Int) throws {
    try flush()
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset + done)) }
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else { throw FileError.system(.write, shownPath, "write") }
      done += n
    }
  }

  package func close() throws {
    guard descriptor >= 0 else { return }
    try flush()
    let status = Foundation.close(descriptor)
    descriptor = -1
    guard status == 0 else { throw FileError.system(.write, shownPath, "write") }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let n = Foundation.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if n < 0 && errno == EINTR { continue }
      guard n > 0 else {
        let error = FileError.system(.write, shownPath, "write")
        // All or nothing, so that it can be tried again.
        if ftruncate(descriptor, off_t(written)) == 0 { lseek(descriptor, off_t(written), SEEK_SET) }
        throw error
      }
      done += n
    }
    written += bytes.count
  }
}
