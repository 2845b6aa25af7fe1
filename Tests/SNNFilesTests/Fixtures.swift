import Foundation
import Testing

@testable import SNNFiles

/// A file written by `tools/fixtures/files.py`.
func fixture(_ name: String) -> String { Bundle.module.bundlePath + "/Fixtures/" + name }

/// The error that `body` throws, as text, with the directory taken out.
func problem(_ body: () throws -> Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch let error as FileError {
    return error.description.replacingOccurrences(of: Bundle.module.bundlePath + "/Fixtures/", with: "")
  } catch { return "an error of another type: \(error)" }
}
