import Foundation
import Testing

@testable import SNNDescription
@testable import SNNSignals

@Suite struct MutationTests {
  /// Random bytes, cuts, doublings and swapped words of valid files; seeded, so a failure repeats.
  @Test("No mutation of a valid file crashes the reader, and what it accepts resolves to itself", arguments: 0..<8)
  func survivesMutations(_ part: UInt64) throws {
    let stream = RandomStream(seed: 7, purpose: .pause, entity: part)
    var draws: UInt64 = 0
    func next(_ limit: Int) -> Int {
      draws += 1
      return min(Int(stream.uniform(index: 0, draw: draws) * Double(limit)), limit - 1)
    }
    let words = [
      "\"${J}\"", "${", "}", "{", "[", "]", ",", "null", "true", "-1", "1e308", "0", "\"\"", "\"like\"", "\"E\"",
      "{\"dist\": \"normal\"}",
      "{\"file\": \"x\"}", "\\u", "\u{FF}", "//", "\"params\"", "\"1 ms\"", "1e999", "\"${1/0}\"", "\"${K}${K}\"", "4294967296",
      "\0",
    ].map { Array($0.utf8) }
    let reader = NetworkFileReader(vocabulary: testVocabulary)
    var accepted = 0
    for _ in 0..<500 {
      var bytes = Array(brunel.utf8)
      for _ in 0...(next(2) * next(3)) {
        let at = next(bytes.count)
        switch next(5) {
        case 0: bytes[at] = UInt8(next(256))
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(20)))
        case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + next(60))], at: at)
        case 3: bytes.insert(contentsOf: words[next(words.count)], at: at)
        default: Self.replaceValue(in: &bytes, at: at, with: words[next(words.count)])
        }
        if bytes.isEmpty { bytes = [0] }
      }
      do throws(DescriptionErrors) {
        let resolved = ResolvedNetwork(try reader.read(Data(bytes), name: "net.json"), vocabulary: testVocabulary)
        accepted += 1
        let again = try reader.read(Data(resolved.text.utf8), name: "net.json")
        #expect(ResolvedNetwork(again, vocabulary: testVocabulary).network == resolved.network)
      } catch {
        #expect(!error.errors.isEmpty)
        #expect(error.errors.allSatisfy { $0.line > 0 && $0.column > 0 })
      }
    }
    #expect(accepted > 0)
  }

  /// Puts `word` in the place of the word or number at `at`.
  private static func replaceValue(in bytes: inout [UInt8], at: Int, with word: [UInt8]) {
    func isInside(_ byte: UInt8) -> Bool {
      JSONParser.isWordByte(byte) || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ".")
    }
    var (start, end) = (at, at)
    while start > 0, isInside(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, isInside(bytes[end]) { end += 1 }
    bytes.replaceSubrange(start..<end, with: word)
  }
}
