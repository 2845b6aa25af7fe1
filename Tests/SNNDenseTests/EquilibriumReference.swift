import Foundation
import SNNTraining

@testable import SNNDense

/// The derivative of the loss at an equilibrium by the implicit function theorem, from the weights of a network and nothing else of it.
struct EquilibriumReference {
  let sizes: [Int]
  /// Current of unit i from unit j, all layers in one vector.
  private let coupling: [[Double]]
  private let drive: [Double]
  private let target: [Double]
  private let readout: [[Double]]?
  let state: [Double]
  private let input: [Double]

  init(_ network: EquilibriumNetwork<Double>, input: [Double], label: Int) {
    sizes = network.layers.map(\.outputs)
    self.input = input
    let units = sizes.reduce(0, +)
    var coupling = [[Double]](repeating: [Double](repeating: 0, count: units), count: units)
    var drive = [Double](repeating: 0, count: units)
    var start = 0
    for (place, layer) in network.layers.enumerated() {
      let w = layer.weight.value
      for i in 0..<w.rows {
        drive[start + i] = layer.bias!.value[0, i]
        for j in 0..<w.columns {
          if place == 0 {
            drive[start + i] += w[i, j] * input[j]
          } else {
            let back = network.p.isTied ? w : network.backward[place - 1].value
            coupling[start + i][start - w.columns + j] = w[i, j]
            coupling[start - w.columns + j][start + i] = back[i, j]
          }
        }
      }
      start += w.rows
    }
    (self.coupling, self.drive) = (coupling, drive)
    readout = network.readout.map { layer in
      (0..<layer.outputs).map { i in (0..<layer.inputs).map { layer.weight.value[i, $0] } }
    }
    target = (0..<network.setup.classes).map { $0 == label ? 1 : 0 }
    let isSteep = network.p.activation == .steepSigmoid
    var state = [Double](repeating: 0, count: units)
    for _ in 0..<2000 {
      let before = state
      state = (0..<units).map { i in
        let current = drive[i] + dot(coupling[i], before)
        return 1 / (1 + exp(isSteep ? 2 - 4 * current : -current))
      }
    }
    slopes = state.map { (isSteep ? 4 : 1) * $0 * (1 - $0) }
    self.state = state
  }
  private let slopes: [Double]

  /// ∂loss/∂s.
  var push: [Double] {
    var push = [Double](repeating: 0, count: state.count)
    let start = state.count - sizes.last!
    let top = Array(state[start...])
    if let readout {
      let logits = readout.map { dot($0, top) }
      let sum = logits.reduce(0) { $0 + exp($1) }
      for (c, row) in readout.enumerated() {
        for i in row.indices { push[start + i] += row[i] * (exp(logits[c]) / sum - target[c]) }
      }
    } else {
      for i in top.indices { push[start + i] = top[i] - target[i] }
    }
    return push
  }

  /// λ with ∂loss/∂current = λ: recurrent backpropagation, (I − D J)ᵀ x = ∂loss/∂s, λ = D x.
  var errors: [Double] {
    let units = state.count
    let matrix = (0..<units).map { i in (0..<units).map { j in (i == j ? 1 : 0) - slopes[j] * coupling[j][i] } }
    return zip(solve(matrix, push), slopes).map { $0 * $1 }
  }

  /// d s/dβ of a network nudged by −β ∂loss/∂s: (I − D J) δ = −D ∂loss/∂s.
  var response: [Double] {
    let units = state.count
    let matrix = (0..<units).map { i in (0..<units).map { j in (i == j ? 1 : 0) - slopes[i] * coupling[i][j] } }
    return solve(matrix, zip(push, slopes).map { -$0 * $1 })
  }

  /// Gradients of each layer's weights, rows after rows, from errors of the units: tied weights count in both directions.
  func gradients(_ errors: [Double], isTied: Bool) -> [[Double]] {
    var start = 0
    return sizes.enumerated().map { place, size in
      defer { start += size }
      let width = place == 0 ? input.count : sizes[place - 1]
      return (0..<size).flatMap { i in
        (0..<width).map { j in
          let below = place == 0 ? input[j] : state[start - width + j]
          let forward = errors[start + i] * below
          return place == 0 || !isTied ? forward : forward + errors[start - width + j] * state[start + i]
        }
      }
    }
  }

  /// Gaussian elimination with pivots.
  private func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var (a, b) = (matrix, right)
    let n = b.count
    for k in 0..<n {
      let pivot = (k..<n).max { abs(a[$0][k]) < abs(a[$1][k]) }!
      a.swapAt(k, pivot)
      b.swapAt(k, pivot)
      for i in k + 1..<n where a[i][k] != 0 {
        let factor = a[i][k] / a[k][k]
        for j in k..<n { a[i][j] -= factor * a[k][j] }
        b[i] -= factor * b[k]
      }
    }
    for k in stride(from: n - 1, through: 0, by: -1) {
      for j in k + 1..<max(n, k + 1) { b[k] -= a[k][j] * b[j] }
      b[k] /= a[k][k]
    }
    return b
  }
}
