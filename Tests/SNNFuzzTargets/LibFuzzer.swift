import Foundation

/// What `SNNSIM_FUZZ_TARGET` names.
private let chosen: FuzzTarget = {
  let name = ProcessInfo.processInfo.environment["SNNSIM_FUZZ_TARGET"] ?? ""
  guard let target = FuzzTarget.named(name) else {
    let known = FuzzTarget.all.map(\.name).joined(separator: ", ")
    fatalError("SNNSIM_FUZZ_TARGET is \"\(name)\"; the targets are \(known)")
  }
  return target
}()

/// The entry that libFuzzer calls: <https://llvm.org/docs/LibFuzzer.html>.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  chosen.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
