import COpenBLAS

/// A scalar that matrix products can be made of.
public protocol BLASScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// C ← α op(A) op(B) + β C, row-major, on the caller's thread; op(A) is m × k, op(B) k × n.
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Self, _ a: UnsafePointer<Self>, _ strideA: Int, _ isTransposedA: Bool,
    _ b: UnsafePointer<Self>, _ strideB: Int, _ isTransposedB: Bool, _ beta: Self, _ c: UnsafeMutablePointer<Self>,
    _ strideC: Int)
  /// Σ xᵢ yᵢ.
  static func dot(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafePointer<Self>) -> Self
  /// y ← a x + y.
  static func add(_ count: Int, _ a: Self, _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>)
}

/// OpenBLAS on one thread: which pieces run where is ours to say, and a product's bits must not depend on it.
private let isSingleThreaded: Void = openblas_set_num_threads(1)

private func blasSize(_ n: Int) -> Int32 { Int32(truncatingIfNeeded: n) }

private func transposition(_ isTransposed: Bool) -> CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }

extension Float: BLASScalar {
  public static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: UnsafePointer<Float>, _ strideA: Int, _ isTransposedA: Bool,
    _ b: UnsafePointer<Float>, _ strideB: Int, _ isTransposedB: Bool, _ beta: Float, _ c: UnsafeMutablePointer<Float>,
    _ strideC: Int
  ) {
    _ = isSingleThreaded
    cblas_sgemm(
      CblasRowMajor, transposition(isTransposedA), transposition(isTransposedB), blasSize(m), blasSize(n), blasSize(k), alpha,
      a, blasSize(strideA), b, blasSize(strideB), beta, c, blasSize(strideC))
  }
  public static func dot(_ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>) -> Float {
    _ = isSingleThreaded
    return cblas_sdot(blasSize(count), x, 1, y, 1)
  }
  public static func add(_ count: Int, _ a: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
    _ = isSingleThreaded
    cblas_saxpy(blasSize(count), a, x, 1, y, 1)
  }
}

extension Double: BLASScalar {
  public static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ alpha: Double, _ a: UnsafePointer<Double>, _ strideA: Int, _ isTransposedA: Bool,
    _ b: UnsafePointer<Double>, _ strideB: Int, _ isTransposedB: Bool, _ beta: Double, _ c: UnsafeMutablePointer<Double>,
    _ strideC: Int
  ) {
    _ = isSingleThreaded
    cblas_dgemm(
      CblasRowMajor, transposition(isTransposedA), transposition(isTransposedB), blasSize(m), blasSize(n), blasSize(k), alpha,
      a, blasSize(strideA), b, blasSize(strideB), beta, c, blasSize(strideC))
  }
  public static func dot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
    _ = isSingleThreaded
    return cblas_ddot(blasSize(count), x, 1, y, 1)
  }
  public static func add(_ count: Int, _ a: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>) {
    _ = isSingleThreaded
    cblas_daxpy(blasSize(count), a, x, 1, y, 1)
  }
}
