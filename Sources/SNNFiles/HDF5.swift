import CHDF5
import CHDF5Shim
import Foundation

/// The door to libhdf5, which tolerates one caller at a time.
enum HDF5 {
  private static let lock = NSRecursiveLock()

  /// Runs `body` while no other thread is inside the library; its own printing of errors is off.
  static func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    shim_silence_errors()
    return try body()
  }

  /// The library's word for the innermost cause of what just failed, for the end of a message.
  static var reason: String {
    var text = [CChar](repeating: 0, count: 256)
    shim_innermost_error(&text, text.count)
    let message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return message.isEmpty ? "" : " (\(message))"
  }
}

/// An identifier of libhdf5 and the duty to close it.
final class HDF5Handle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  /// `nil` when `id` is the library's way to say that the call failed.
  init?(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) {
    guard id >= 0 else { return nil }
    self.id = id
    self.close = close
  }

  deinit { HDF5.locked { _ = close(id) } }
}
