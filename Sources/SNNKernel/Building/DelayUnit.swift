import SNNSignals

/// How a projection keeps delays that differ from synapse to synapse: as whole numbers of a unit of time.
struct DelayUnit: Sendable {
  /// A step of the grid, or 2^shift ps on the exact engine.
  let picoseconds: Int64
  /// The least number that a delay above 0 becomes.
  private let least: Int64
  private let most: Int64
  private let inverse: Double

  init(_ blueprint: ProjectionBlueprint) {
    switch blueprint.engine {
    case .grid(let step):
      picoseconds = step.picoseconds
      least = 0
      most = Int64(UInt16.max)
    case .exact:
      picoseconds = Int64(1) << Int64(blueprint.delayShift)
      least = 1
      most = Int64(UInt32.max)
    }
    inverse = 1 / Double(picoseconds)
  }

  func time(_ count: UInt32) -> Time { Time(picoseconds: picoseconds * Int64(count)) }

  /// Rounds delays first to the picosecond and then to the nearest unit, halves up both times. False when one can't be kept.
  func round(_ ms: UnsafePointer<Double>, count: Int, into counts: UnsafeMutablePointer<UInt32>) -> Bool {
    let whole = count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      let x = UnsafeRawPointer(ms + i).loadUnaligned(as: SIMD8<Double>.self)
      // Beyond, picoseconds would not be whole in the sums below.
      let isNear = all((x .> 0) .& (x .<= 1e6))
      guard isNear ? roundLanes(x, into: counts + i) : roundEach(ms + i, count: 8, into: counts + i) else { return false }
    }
    return roundEach(ms + whole, count: count - whole, into: counts + whole)
  }

  /// The same for eight delays above 0 and up to 10⁶ ms: whole numbers stay below 2⁵², so doubles hold them exactly.
  @inline(__always)
  private func roundLanes(_ ms: SIMD8<Double>, into counts: UnsafeMutablePointer<UInt32>) -> Bool {
    let exact = ms * Time.picosecondsPerMillisecond
    // Adding 2⁵² rounds to the nearest whole number, halves to even.
    var time = (exact + 0x1p52) - 0x1p52
    time += SIMD8(repeating: 0).replacing(with: 1, where: (exact - time) .>= 0.5)
    let shifted = time + Double(picoseconds / 2)
    var n = (shifted * inverse + 0x1p52) - 0x1p52
    n -= SIMD8(repeating: 0).replacing(with: 1, where: (shifted - n * Double(picoseconds)) .< 0)
    n = n.replacing(with: Double(least), where: n .< Double(least))
    let bits = unsafeBitCast(n + 0x1p52, to: SIMD8<UInt64>.self)
    UnsafeMutableRawPointer(counts).storeBytes(of: SIMD8<UInt32>(truncatingIfNeeded: bits), as: SIMD8<UInt32>.self)
    return all((time .> 0) .& (n .>= 1) .& (n .<= Double(most)))
  }

  private func roundEach(_ ms: UnsafePointer<Double>, count: Int, into counts: UnsafeMutablePointer<UInt32>) -> Bool {
    for i in 0..<count {
      guard Time.isRepresentable(milliseconds: ms[i]) else { return false }
      let time = Time(milliseconds: ms[i])
      let n = max(Int64(time.stepsNearest(Time(picoseconds: picoseconds))), least)
      guard time > .zero, n >= 1, n <= most else { return false }
      counts[i] = UInt32(truncatingIfNeeded: n)
    }
    return true
  }
}

/// Memory for the delays of a table under construction, in one, two or four bytes each.
struct DelayCells {
  private enum Width { case byte, short, word }
  private let width: Width
  private let base: UnsafeMutableRawPointer

  /// Room for `count` delays of a projection, in the narrowest form that holds its longest.
  static func makeBlock(_ count: Int, _ blueprint: ProjectionBlueprint) -> AlignedBlock {
    AlignedBlock(byteCount: count * blueprint.delayBytes)
  }

  init(_ blueprint: ProjectionBlueprint, _ base: UnsafeMutableRawPointer) {
    self.base = base
    switch blueprint.delayBytes {
    case 1: width = .byte
    case 2: width = .short
    default: width = .word
    }
  }

  private var bytes: UnsafeMutablePointer<UInt8> { base.assumingMemoryBound(to: UInt8.self) }
  private var shorts: UnsafeMutablePointer<UInt16> { base.assumingMemoryBound(to: UInt16.self) }
  private var words: UnsafeMutablePointer<UInt32> { base.assumingMemoryBound(to: UInt32.self) }

  subscript(_ place: Int) -> UInt32 {
    @inline(__always) get {
      switch width {
      case .byte: UInt32(bytes[place])
      case .short: UInt32(shorts[place])
      case .word: words[place]
      }
    }
    @inline(__always) nonmutating set {
      switch width {
      case .byte: bytes[place] = UInt8(truncatingIfNeeded: newValue)
      case .short: shorts[place] = UInt16(truncatingIfNeeded: newValue)
      case .word: words[place] = newValue
      }
    }
  }

  /// The delays as a table reads them.
  func view(_ blueprint: ProjectionBlueprint) -> SynapseTable.Delays {
    switch width {
    case .byte: .byteSteps(UnsafePointer(bytes))
    case .short: .shortSteps(UnsafePointer(shorts))
    case .word: .times(UnsafePointer(words), shift: blueprint.delayShift)
    }
  }

  /// The finished column of `count` delays, whose memory is `block`.
  func column(count: Int, _ blueprint: ProjectionBlueprint, block: consuming AlignedBlock) -> DelayColumn {
    var least = UInt32.max
    var most: UInt32 = 0
    for place in 0..<count {
      let n = self[place]
      least = min(least, n)
      most = max(most, n)
    }
    let unit = DelayUnit(blueprint)
    return DelayColumn(view(blueprint), minimum: unit.time(least), maximum: unit.time(most), block: block)
  }
}
