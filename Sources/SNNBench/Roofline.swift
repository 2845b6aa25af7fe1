import Dispatch
import SNNSignals

/// What this machine can do at most: memory bandwidth, and random adds into a buffer of the size of a chunk's ring.
///
/// Triad a = b + s c counts 24 bytes per element (McCalpin 1995, STREAM). An add takes a target of 2 bytes from a list and adds a
/// double to one of 32,768 sums (256 KiB): all that delivering a synapse with a shared weight and delay is. The list is streamed
/// from memory, or short enough to stay in cache. Best of some passes.
public struct Roofline: Sendable, Codable {
  /// Cores that were used together.
  public var cores: Int
  /// Bytes per second.
  public var triadOneCore, triadAllCores: Double
  /// Adds per second and core: one core alone, and all together.
  public var streamedAdds, streamedAddsTogether, cachedAdds: Double

  private enum CodingKeys: String, CodingKey {
    case cores
    case triadOneCore = "triad_one_core_bytes_per_s"
    case triadAllCores = "triad_all_cores_bytes_per_s"
    case streamedAdds = "streamed_adds_per_s"
    case streamedAddsTogether = "streamed_adds_all_cores_per_s_and_core"
    case cachedAdds = "cached_adds_per_s"
  }

  public var json: JSONText {
    [
      "cores": .integer(cores), "triad_one_core_bytes_per_s": .number(triadOneCore),
      "triad_all_cores_bytes_per_s": .number(triadAllCores), "streamed_adds_per_s": .number(streamedAdds),
      "streamed_adds_all_cores_per_s_and_core": .number(streamedAddsTogether), "cached_adds_per_s": .number(cachedAdds),
    ]
  }

  /// Measures within some seconds; takes half a gigabyte.
  public init(cores: Int) {
    self.cores = cores
    (triadOneCore, triadAllCores) = {
      let arrays = TriadArrays()
      return (arrays.bandwidth(cores: 1), arrays.bandwidth(cores: cores))
    }()
    let list = TargetList()
    streamedAdds = list.rate(count: TargetList.length, cores: 1)
    streamedAddsTogether = list.rate(count: TargetList.length, cores: cores)
    cachedAdds = list.rate(count: TargetList.cached, cores: 1)
  }
}

/// Seconds that the fastest of `passes` took.
private func fastest(of passes: Int, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<passes {
    let seconds = clock.measure(body) / .seconds(1)
    best = min(best, seconds)
  }
  return best
}

/// Three arrays of 64 MiB: more than a last-level cache together.
///
/// Unchecked Sendable: each core works on a part of its own.
private final class TriadArrays: @unchecked Sendable {
  typealias Vector = SIMD8<Double>
  static let count = 1 << 20
  let a, b, c: UnsafeMutablePointer<Vector>

  init() {
    (a, b, c) = (.allocate(capacity: Self.count), .allocate(capacity: Self.count), .allocate(capacity: Self.count))
    for (array, value) in [(a, 0.0), (b, 1.0), (c, 2.0)] {
      array.initialize(repeating: Vector(repeating: value), count: Self.count)
    }
  }
  deinit { for array in [a, b, c] { array.deallocate() } }

  func bandwidth(cores: Int) -> Double {
    let seconds = fastest(of: 6) {
      DispatchQueue.concurrentPerform(iterations: cores) { core in
        let part = (core * Self.count / cores)..<((core + 1) * Self.count / cores)
        let (a, b, c, scale) = (self.a, self.b, self.c, Vector(repeating: 3))
        for i in part { a[i] = b[i] + scale * c[i] }
      }
    }
    return Double(Self.count * MemoryLayout<Vector>.stride * 3) / seconds
  }
}

/// A list of random targets, 256 MiB long.
///
/// Unchecked Sendable: written once, before it is shared.
private final class TargetList: @unchecked Sendable {
  static let length = 1 << 27
  /// 64 KiB of the list: stays in the second-level cache beside the sums.
  static let cached = 1 << 15
  static let sums = 1 << 15
  let targets: UnsafeMutablePointer<UInt16>

  init() {
    targets = .allocate(capacity: Self.length)
    // Marsaglia (2003), Xorshift RNGs, doi:10.18637/jss.v008.i14: four targets from each word.
    var word: UInt64 = 88_172_645_463_325_252
    for i in stride(from: 0, to: Self.length, by: 4) {
      word ^= word &<< 13
      word ^= word &>> 7
      word ^= word &<< 17
      for k in 0..<4 { targets[i &+ k] = UInt16(truncatingIfNeeded: word &>> UInt64(k &* 16)) & UInt16(Self.sums &- 1) }
    }
  }
  deinit { targets.deallocate() }

  /// Adds per second and core. Every core goes through `count` targets from another place of the list, until it did
  /// as many as the list is long.
  func rate(count: Int, cores: Int) -> Double {
    let seconds = fastest(of: 4) {
      DispatchQueue.concurrentPerform(iterations: cores) { core in
        let sums = UnsafeMutablePointer<Double>.allocate(capacity: Self.sums)
        defer { sums.deallocate() }
        sums.initialize(repeating: 0, count: Self.sums)
        let start = core * (Self.length / cores)
        for _ in 0..<(Self.length / count) {
          let end = min(start + count, Self.length)
          self.add(start..<end, to: sums)
          self.add(0..<(start + count - end), to: sums)
        }
      }
    }
    return Double(Self.length) / seconds
  }

  @inline(never)
  private func add(_ places: Range<Int>, to sums: UnsafeMutablePointer<Double>) {
    let targets = targets
    for place in places { sums[Int(targets[place])] += 0.1 }
  }
}
