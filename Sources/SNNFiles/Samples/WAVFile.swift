import Foundation

/// A sound file: RIFF WAVE with 16-bit PCM, one channel.
///
/// Multimedia Programming Interface and Data Specifications 1.0 (IBM & Microsoft, 1991).
public struct WAVFile: Sendable, Equatable {
  /// Samples a second.
  public let rate: Double
  /// −1 … 1.
  public let samples: [Float]

  public init(path: String) throws {
    let bytes = try contents(of: path)
    guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)), Array(bytes[8..<12]) == Array("WAVE".utf8) else {
      throw FileError.read(path, "is no WAV file", hint: "it begins with RIFF, a size and WAVE")
    }
    var format: ArraySlice<UInt8>?
    var offset = 12
    while offset + 8 <= bytes.count {
      let kind = Array(bytes[offset..<offset + 4])
      let size = Self.number(bytes[(offset + 4)...], 4)
      let body = offset + 8
      guard size <= bytes.count - body else {
        throw FileError.read(path, "is truncated: a part of \(size) bytes is announced, \(bytes.count - body) follow")
      }
      if kind == Array("fmt ".utf8) { format = bytes[body..<body + size] }
      if kind == Array("data".utf8) {
        guard let format else { throw FileError.read(path, "has no format before its data") }
        rate = try Self.rate(format, path)
        guard size % 2 == 0 else { throw FileError.read(path, "has half a sample at its end") }
        samples = stride(from: body, to: body + size, by: 2).map {
          Float(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32768
        }
        return
      }
      offset = body + size + size % 2
    }
    throw FileError.read(path, "has no sound data")
  }

  private static func rate(_ format: ArraySlice<UInt8>, _ path: String) throws -> Double {
    guard format.count >= 16 else { throw FileError.read(path, "has a format of \(format.count) bytes; 16 are needed") }
    let start = format.startIndex
    let (code, channels) = (number(format, 2), number(format[(start + 2)...], 2))
    let bits = number(format[(start + 14)...], 2)
    // 65534 is the extensible format, whose first bytes say the same.
    guard code == 1 || code == 65534, bits == 16 else {
      throw FileError.read(path, "has samples of format \(code) with \(bits) bits; 16-bit PCM is read")
    }
    guard channels == 1 else { throw FileError.read(path, "has \(channels) channels; one is needed") }
    let rate = number(format[(start + 4)...], 4)
    guard rate > 0 else { throw FileError.read(path, "has no samples a second") }
    return Double(rate)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Int {
    bytes.prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
