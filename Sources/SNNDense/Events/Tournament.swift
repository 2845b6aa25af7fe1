/// The earliest of many times, each of which may change at any moment: matches of two, whose winners play on.
struct Tournament {
  private var times: [Double]
  /// Of the match at each node, whose two sides are nodes 2k and 2k + 1; the places themselves are the last nodes.
  private var winners: [Int]
  private let leaves: Int

  /// `count` places, all with infinite times.
  init(_ count: Int) {
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    times = Array(repeating: .infinity, count: leaves)
    winners = Array(repeating: 0, count: 2 * leaves)
    for place in 0..<leaves { winners[leaves + place] = place }
    for node in stride(from: leaves - 1, to: 0, by: -1) { winners[node] = winners[2 * node] }
  }

  /// The earliest; of two at the same time the one at the lower place.
  var first: (place: Int, time: Double) { (winners[1], times[winners[1]]) }

  subscript(place: Int) -> Double {
    get { times[place] }
    set {
      times[place] = newValue
      var node = (leaves + place) / 2
      while node > 0 {
        let (a, b) = (winners[2 * node], winners[2 * node + 1])
        winners[node] = times[b] < times[a] ? b : a
        node /= 2
      }
    }
  }
}
