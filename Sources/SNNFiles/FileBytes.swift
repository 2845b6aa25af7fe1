import CZlib
import Foundation

/// A file opened for reading at any offset.
final class FileReader {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws {
    // Without O_NONBLOCK, a pipe by that name would be waited for until somebody writes into it.
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.system(.read, path, "open") }
    self.path = path
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = FileError.system(.read, path, "examine")
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError.read(path, "is not a file")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Exactly `count` bytes from `offset`; an error when the file ends before.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw FileError.read(path, "is truncated: \(count) bytes wanted at offset \(offset), the file has \(size)")
    }
    return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let n = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if n < 0 && errno == EINTR { continue }
        guard n >= 0 else { throw FileError.system(.read, path, "read") }
        guard n > 0 else { throw FileError.read(path, "was shortened while it was read") }
        filled += n
      }
    }
  }
}

/// The whole content of a file; a gzip file (by its first two bytes) is unpacked.
func contents(of path: String) throws -> [UInt8] {
  let file = try FileReader(path: path)
  let bytes = try file.bytes(at: 0, count: file.size)
  guard bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B else { return bytes }
  return try inflate(bytes, format: .gzip, path: path)
}

/// What packed data may unpack to. A few bytes can stand for more than memory holds, so that more than this is refused before
/// it is there.
enum Expansion {
  /// Bytes that anything may unpack to.
  static let free = 32 << 20
  /// How many times its packed size something larger may have: numbers that were recorded or drawn pack 2 to 20 times.
  static let most = 100

  static func allows(_ size: Int, from packed: Int) -> Bool { size <= free || size / most <= packed }

  static let hint = "if its content is meant, store it unpacked"

  static func refusal(_ path: String, packed: Int) -> FileError {
    FileError.read(path, "unpacks to more than \(most) times its \(packed) bytes: it is refused", hint: hint)
  }
}

enum DeflateFormat: Int32 {
  /// A gzip file, several members allowed.
  case gzip = 31
  /// Bare deflate data, as in zip files.
  case raw = -15
}

/// Unpacks deflate data. `expected` is the size when known: more or less than that is an error.
func inflate(_ packed: [UInt8], format: DeflateFormat, expected: Int? = nil, path: String) throws -> [UInt8] {
  // No deflate stream expands more than 1032 times: a declared size beyond that is refused before memory is taken.
  if let expected, (expected - 1024) / 1032 > packed.count {
    throw FileError.read(path, "is corrupt: \(packed.count) packed bytes cannot hold \(expected)")
  }
  if let expected, !Expansion.allows(expected, from: packed.count) { throw Expansion.refusal(path, packed: packed.count) }
  var stream = z_stream()
  guard inflateInit2_(&stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    throw FileError.read(path, "cannot be unpacked: out of memory")
  }
  defer { inflateEnd(&stream) }
  var result: [UInt8] = []
  result.reserveCapacity(expected ?? 4 * packed.count)
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  var input = packed
  try input.withUnsafeMutableBufferPointer { source in
    var consumed = 0
    while true {
      if stream.avail_in == 0 && consumed < source.count {
        let n = min(source.count - consumed, 1 << 30)
        stream.next_in = source.baseAddress! + consumed
        stream.avail_in = UInt32(n)
        consumed += n
      }
      let status = chunk.withUnsafeMutableBufferPointer { target in
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      let produced = chunk.count - Int(stream.avail_out)
      result.append(contentsOf: chunk[..<produced])
      if let expected, result.count > expected { throw FileError.read(path, "is corrupt: it unpacks to more than declared") }
      let taken = consumed - Int(stream.avail_in)
      guard Expansion.allows(result.count, from: taken) else { throw Expansion.refusal(path, packed: taken) }
      if status == Z_STREAM_END {
        guard format == .gzip, stream.avail_in > 0 || consumed < source.count else { return }
        inflateReset(&stream)
        continue
      }
      if status == Z_BUF_ERROR && produced == 0 { throw FileError.read(path, "is truncated: its compressed data end early") }
      guard status == Z_OK || status == Z_BUF_ERROR else {
        throw FileError.read(path, "is corrupt: its compressed data cannot be unpacked")
      }
    }
  }
  if let expected, result.count != expected {
    throw FileError.read(path, "is corrupt: it unpacks to \(result.count) bytes, \(expected) declared")
  }
  return result
}
