import SNNSignals

extension NetworkReading {
  /// Sections whose entries the file must have for an override to reach into them.
  private static let named: Set = ["parameters", "populations", "inputs", "projections", "record"]

  /// The tree with the command line's values in place; in the order given, so the last of several wins.
  mutating func apply(_ overrides: [Override], to root: JSONValue) -> JSONValue {
    var root = root
    overrideSpellings = overrides.map(\.spelling)
    for (i, override) in overrides.enumerated() {
      let origin = Node(value: JSONValue(.null, line: 0, column: Int32(i)), path: override.path ?? "")
      guard let path = override.path, !path.isEmpty else {
        report(origin, "expected path=value", hint: "such as --set run.duration=500")
        continue
      }
      guard let value = parse(override.value, origin) else { continue }
      set(value, at: path[...], in: &root, depth: 0, section: nil, origin)
      if let twin = override.twin, root.holds(twin) { set(value, at: twin[...], in: &root, depth: 0, section: nil, origin) }
    }
    return root
  }

  /// JSON, or bare text; every value inside gets the place of the option.
  private mutating func parse(_ text: String, _ origin: Node) -> JSONValue? {
    do throws(JSONTree.Problem) {
      let tree = try JSONTree(text.utf8)
      for problem in tree.problems { report(origin, problem.problem) }
      return placed(tree.root, at: origin.value)
    } catch {
      guard let first = text.first, !"{[\"".contains(first) else {
        report(origin, "the value is not JSON: \(error.problem)", hint: error.hint)
        return nil
      }
      return JSONValue(.string(text), line: 0, column: origin.value.column)
    }
  }

  private func placed(_ value: JSONValue, at place: JSONValue) -> JSONValue {
    var value = value
    (value.line, value.column) = (place.line, place.column)
    switch value.content {
    case .array(let items): value.content = .array(items.map { placed($0, at: place) })
    case .object(let members):
      value.content = .object(
        members.map { JSONMember(key: $0.key, line: place.line, column: place.column, value: placed($0.value, at: place)) })
    default: break
    }
    return value
  }

  private mutating func set(
    _ value: JSONValue, at path: Substring, in target: inout JSONValue, depth: Int, section: String?, _ origin: Node
  ) {
    if path.isEmpty {
      target = value
      return
    }
    if case .array = target.content, let digits = Self.leadingIndex(of: path) {
      // "rate.1" means "rate[1]".
      let bracketed = "[\(digits)]" + path.dropFirst(digits.count)
      return setItem(value, at: bracketed[...], in: &target, depth: depth, section: section, origin)
    }
    if path.first == "[" { return setItem(value, at: path, in: &target, depth: depth, section: section, origin) }
    guard case .object(var members) = target.content else {
      report(origin, "the path leads into \(target.kind): \"\(path)\" is not there")
      return
    }
    target.content = .null
    defer { target.content = .object(members) }
    // The longest key that the path begins with, because names may hold points.
    let known = members.indices.filter { Self.rest(of: path, after: members[$0].key) != nil }
      .max { members[$0].key.count < members[$1].key.count }
    if let known, let rest = Self.rest(of: path, after: members[known].key) {
      let key = members[known].key
      set(value, at: rest, in: &members[known].value, depth: depth + 1, section: depth == 0 ? key : section, origin)
      return
    }
    let key = String(path.prefix { $0 != "." && $0 != "[" })
    if key.isEmpty || depth == 1 && Self.named.contains(section ?? "") {
      report(
        origin, "the file has no \"\(path)\"\(section.map { " in \"\($0)\"" } ?? "")",
        hint: suggestion(for: key, among: members.map(\.key), title: "it has"))
      return
    }
    var fresh = JSONValue(.object([]), line: 0, column: origin.value.column)
    let before = errors.count
    set(
      value, at: Self.rest(of: path, after: key) ?? "", in: &fresh, depth: depth + 1, section: depth == 0 ? key : section, origin)
    if errors.count == before { members.append(JSONMember(key: key, line: 0, column: origin.value.column, value: fresh)) }
  }

  private mutating func setItem(
    _ value: JSONValue, at path: Substring, in target: inout JSONValue, depth: Int, section: String?, _ origin: Node
  ) {
    guard case .array(var items) = target.content, let close = path.firstIndex(of: "]"),
      let index = Int(path[path.index(after: path.startIndex)..<close]), items.indices.contains(index),
      let rest = Self.rest(of: path, after: String(path[...close]))
    else {
      report(origin, "the file has no list item \"\(path)\"")
      return
    }
    target.content = .null
    set(value, at: rest, in: &items[index], depth: depth + 1, section: section, origin)
    target.content = .array(items)
  }

  /// The digits that `path` begins with, if they are a part of it on their own.
  private static func leadingIndex(of path: Substring) -> Substring? {
    let part = path.prefix { $0 != "." && $0 != "[" }
    return !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isNumber } ? part : nil
  }

  /// What follows `key` in `path`; `nil` when the path doesn't begin with this key.
  private static func rest(of path: Substring, after key: String) -> Substring? {
    guard path.hasPrefix(key), !key.isEmpty else { return nil }
    let rest = path.dropFirst(key.count)
    if rest.isEmpty || rest.first == "[" { return rest }
    return rest.first == "." && rest.count > 1 ? rest.dropFirst() : nil
  }
}

extension JSONValue {
  /// Whether there is a value at a path of plain keys.
  fileprivate func holds(_ path: String) -> Bool {
    var value = self
    for key in path.split(separator: ".") {
      guard case .object(let members) = value.content, let member = members.first(where: { $0.key == key }) else { return false }
      value = member.value
    }
    return true
  }
}
