extension JSONParser {
  mutating func items(depth: Int) throws(Problem) -> [JSONValue] {
    let opened = (line, column)
    position += 1
    var items: [JSONValue] = []
    try skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return items
    }
    path.append(.index(0))
    while true {
      try skipSpace()
      if current == UInt8(ascii: "]") { throw problem("a comma before \"]\"", hint: "remove the trailing comma") }
      items.append(try value(depth: depth + 1))
      try skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
        path[path.count - 1] = .index(items.count)
      } else if current == UInt8(ascii: "]") {
        position += 1
        path.removeLast()
        return items
      } else {
        throw unclosed("list", opened, closing: "]")
      }
    }
  }

  mutating func members(depth: Int) throws(Problem) -> [JSONMember] {
    let opened = (line, column)
    position += 1
    var members: [JSONMember] = []
    var lines: [String: Int32] = [:]
    try skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return members
    }
    while true {
      try skipSpace()
      if current == UInt8(ascii: "}") { throw problem("a comma before \"}\"", hint: "remove the trailing comma") }
      guard current == UInt8(ascii: "\"") else {
        if isAtEnd { throw unclosed("object", opened, closing: "}") }
        throw problem("\(found) where a key in double quotes should stand")
      }
      let (keyLine, keyColumn) = (line, column)
      let key = try string()
      path.append(.key(key))
      if let first = lines[key] {
        problems.append(
          Problem(
            line: keyLine, column: keyColumn, path: pathText, problem: "duplicate key \"\(key)\"",
            hint: "it stands first in line \(first)"))
      }
      try skipSpace()
      guard current == UInt8(ascii: ":") else { throw problem("\(found) where \":\" should stand") }
      position += 1
      try skipSpace()
      let value = try value(depth: depth + 1)
      path.removeLast()
      if lines.updateValue(lines[key] ?? keyLine, forKey: key) == nil {
        members.append(JSONMember(key: key, line: keyLine, column: keyColumn, value: value))
      }
      try skipSpace()
      if current == UInt8(ascii: ",") {
        position += 1
      } else if current == UInt8(ascii: "}") {
        position += 1
        return members
      } else {
        throw unclosed("object", opened, closing: "}")
      }
    }
  }

  private func unclosed(_ what: String, _ opened: (Int32, Int32), closing: String) -> Problem {
    isAtEnd
      ? problem("the file ends inside the \(what) that line \(opened.0), column \(opened.1) opens", hint: "is it cut off?")
      : problem("\(found) where \",\" or \"\(closing)\" should stand")
  }
}
