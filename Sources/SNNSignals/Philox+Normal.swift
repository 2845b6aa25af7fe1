import Foundation

extension RandomStream {
  /// A standard normal number of four words.
  public static func normal(_ w: Philox.Words) -> Double {
    let radius = (-2 * log(unit(w.x, w.y))).squareRoot()
    return radius * cos(2 * Double.pi * unit(w.z, w.w))
  }
}
