import Foundation
import SNNSignals

/// A value of the tree with its path.
struct Node {
  var value: JSONValue
  var path: String

  func item(_ index: Int, _ value: JSONValue) -> Node { Node(value: value, path: "\(path)[\(index)]") }
}

/// The members of an object, without `$schema` and `$comment`.
struct Members {
  /// The object itself.
  var node: Node
  var list: [(key: String, node: Node)]
  /// Where each key stands, for errors about the key.
  var keys: [Node]

  subscript(key: String) -> Node? { list.first { $0.key == key }?.node }
}

/// The state of reading one file: what errors there were, and what names mean. A method that reads a value reports what is wrong
/// with it and then returns `nil`, so that the caller can go on to the next one.
struct NetworkReading {
  let vocabulary: Vocabulary
  let fileName: String
  let directory: URL?
  let searchPaths: [URL]
  let readable: [String]
  var errors: [DescriptionError] = []
  /// Spellings of the command line's options, which values with line 0 came from.
  var overrideSpellings: [String] = []
  var parameters = ParameterTable()
  /// Populations and inputs with a size, as soon as they have been read.
  var names = NameTable(list: [])

  init(vocabulary: Vocabulary, fileName: String, directory: URL?, searchPaths: [URL], readable: [String]) {
    self.vocabulary = vocabulary
    self.fileName = fileName
    self.directory = directory
    self.searchPaths = searchPaths
    self.readable = readable
  }

  func location(_ node: Node) -> SourceLocation {
    let isOverride = node.value.line == 0
    let index = Int(node.value.column)
    return SourceLocation(
      file: isOverride && overrideSpellings.indices.contains(index) ? overrideSpellings[index] : fileName,
      line: Int(node.value.line), column: isOverride ? 0 : index, path: node.path)
  }

  mutating func report(_ node: Node, _ problem: String, hint: String? = nil) {
    errors.append(DescriptionError(location(node), problem, hint: hint))
  }

  /// The members of an object; other values are reported.
  mutating func members(_ node: Node, expected: String, hint: String? = nil) -> Members? {
    guard case .object(let list) = node.value.content else {
      report(node, "expected \(expected), found \(node.value.kind)", hint: hint)
      return nil
    }
    var members = Members(node: node, list: [], keys: [])
    for member in list where member.key != "$schema" && member.key != "$comment" {
      let path = node.path.isEmpty ? member.key : "\(node.path).\(member.key)"
      members.list.append((member.key, Node(value: member.value, path: path)))
      members.keys.append(Node(value: JSONValue(.null, line: member.line, column: member.column), path: path))
    }
    return members
  }

  /// Reports keys that are not `allowed`.
  mutating func check(_ members: Members, allowed: [String], of what: String) {
    for (member, key) in zip(members.list, members.keys) where !allowed.contains(member.key) {
      report(
        key, "unknown key \"\(member.key)\" in \(what)", hint: suggestion(for: member.key, among: allowed, title: "known keys"))
    }
  }

  /// The member `key`, which must be there.
  mutating func required(_ key: String, of members: Members, hint: String? = nil) -> Node? {
    if let node = members[key] { return node }
    report(members.node, "the required key \"\(key)\" is missing", hint: hint)
    return nil
  }

  /// Whether `name` can name a population, input, projection or record: it becomes part of file names.
  mutating func checkName(_ name: String, _ key: Node, of what: String) {
    let scalars = name.unicodeScalars
    let isPlain = scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && !(0x80..<0xA0).contains($0.value) && $0 != "/" }
    if name.isEmpty {
      report(key, "the name of \(what) is empty")
    } else if !isPlain || name == "." || name == ".." {
      report(
        key, "\"\(name)\" can't name \(what)", hint: "names have no \"/\", no control characters and are not \".\" or \"..\"")
    }
  }
}
