import Foundation
import SNNSignals

/// A recorded stream: its messages frame by frame, as they came, with the moments at which they came.
///
/// The line `snnsim-stream/1`, then for each message, all little-endian: uint64 ns since 1970, uint32 number of frames, and for
/// each frame its length as uint32 and its bytes.
public enum StreamFile {
  static let signature = Array("snnsim-stream/1\n".utf8)

  /// Writes a file, which has its name only when it is closed.
  public final class Writer {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var partial: String { path + ".partial" }
    public private(set) var messages = 0

    /// - Parameter force: replaces a file of that name.
    public init(path: String, force: Bool) throws(StreamError) {
      self.path = path
      if !force && FileManager.default.fileExists(atPath: path) {
        throw StreamError("\(path) exists", cause: .output, hint: "--force replaces it")
      }
      guard let file = fopen(path + ".partial", "wb") else {
        throw StreamError("\(path): cannot be made: \(String(cString: strerror(errno)))", cause: .output)
      }
      self.file = file
      try write(StreamFile.signature)
    }

    public func append(_ frames: [[UInt8]], wall: UInt64) throws(StreamError) {
      try write(StreamMessage.bytes([wall]) + StreamMessage.bytes([UInt32(frames.count)]))
      for frame in frames { try write(StreamMessage.bytes([UInt32(frame.count)]) + frame) }
      messages += 1
    }

    private func write(_ bytes: [UInt8]) throws(StreamError) {
      guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
        throw StreamError("\(path): cannot be written: \(String(cString: strerror(errno)))", cause: .output)
      }
    }

    public func close() throws(StreamError) {
      guard fclose(file) == 0, rename(partial, path) == 0 else {
        throw StreamError("\(path): cannot be written: \(String(cString: strerror(errno)))", cause: .output)
      }
    }
  }

  /// Reads a file from its beginning to its end.
  public final class Reader {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    /// Bytes of the file.
    private let size: Int
    /// More than any message has, so that a broken file does not ask for all memory.
    private static let mostFrames = 16
    private static let longestFrame = 1 << 30

    public init(path: String) throws(StreamError) {
      self.path = path
      guard let file = fopen(path, "rb") else {
        throw StreamError("\(path): cannot be read: \(String(cString: strerror(errno)))", cause: .input)
      }
      self.file = file
      fseek(file, 0, SEEK_END)
      size = ftell(file)
      rewind(file)
      guard try read(StreamFile.signature.count) == StreamFile.signature else {
        throw StreamError("\(path): is no recorded stream", cause: .input, hint: "`snnsim stream record` makes one")
      }
    }
    deinit { fclose(file) }

    /// nil at the end of the file.
    public func next() throws(StreamError) -> (wall: UInt64, frames: [[UInt8]])? {
      guard let wall = try read(8) else { return nil }
      let count = try number()
      guard count <= Self.mostFrames else { throw broken }
      var frames: [[UInt8]] = []
      for _ in 0..<count {
        let length = try number()
        guard length <= min(Self.longestFrame, size - ftell(file)), let frame = try read(length) else { throw broken }
        frames.append(frame)
      }
      return (wall.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }, frames)
    }

    private var broken: StreamError {
      StreamError("\(path): breaks off or is damaged at byte \(ftell(file))", cause: .input)
    }

    private func number() throws(StreamError) -> Int {
      guard let bytes = try read(4) else { throw broken }
      return Int(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
    }

    /// nil at the end of the file; an error within the bytes.
    private func read(_ count: Int) throws(StreamError) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      let got = fread(&bytes, 1, count, file)
      if got == count { return bytes }
      if got == 0 { return nil }
      throw broken
    }
  }
}
