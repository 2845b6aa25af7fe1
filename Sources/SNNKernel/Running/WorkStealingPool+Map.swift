extension WorkStealingPool {
  /// The results of `body(0) … body(count − 1)`, in order.
  /// - Throws: The error of the lowest number that failed; all others have run nevertheless.
  public func map<Result: Sendable, Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Swift.Result<Result, Failure>?] = Array(repeating: nil, count: count)
    results.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let slots = buffer
      forEach(count) { i in
        do throws(Failure) { slots[i] = .success(try body(i)) } catch { slots[i] = .failure(error) }
      }
    }
    var all: [Result] = []
    all.reserveCapacity(count)
    for result in results { all.append(try result!.get()) }
    return all
  }
}
