/// "did you mean" for a misspelt word, and the list of `words` when it is short.
func suggestion(for word: String, among words: [String], title: String) -> String? {
  var parts: [String] = []
  if let near = nearest(to: word, among: words) { parts.append("did you mean \"\(near)\"?") }
  if !words.isEmpty, words.count <= 12 { parts.append("\(title): " + words.joined(separator: ", ")) }
  return parts.isEmpty ? nil : parts.joined(separator: " ")
}

/// The word at the smallest edit distance, if that is small for its length; the first of several.
func nearest(to word: String, among words: [String]) -> String? {
  guard word.count <= 100 else { return nil }
  // A word of one letter is near to every other: only its case may differ.
  let limit = word.count == 1 ? 1 : max(1, (word.count + 1) / 3)
  var best: (word: String, distance: Int)?
  for candidate in words {
    let ignoringCase = editDistance(word.lowercased(), candidate.lowercased()) + 1
    let distance = word.count == 1 ? ignoringCase : min(editDistance(word, candidate), ignoringCase)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment; Damerau 1964, doi:10.1145/363958.363994).
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.unicodeScalars)
  let b = Array(b.unicodeScalars)
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
