import Foundation

/// Where the files of a network lie. A network may come from strangers, and their file names must not lead everywhere: see
/// ``NetworkReading/isReadable(_:)``.
extension NetworkReading {
  /// The absolute path of an existing, readable file.
  mutating func path(_ node: Node) -> String? {
    text(node).flatMap { path($0, endings: [""], node) }
  }

  /// The same for a path with one of these endings, the first that exists, which `node` asks for.
  mutating func path(_ text: String, endings: [String], _ node: Node) -> String? {
    place(text, endings: endings, node, isFolder: false)
  }

  /// The absolute path of an existing folder.
  mutating func folder(_ node: Node) -> String? { text(node).flatMap { place($0, endings: [""], node, isFolder: true) } }

  private mutating func place(_ text: String, endings: [String], _ node: Node, isFolder: Bool) -> String? {
    guard !text.isEmpty, !text.contains("\0") else {
      report(node, "expected the path of a \(isFolder ? "folder" : "file"), found \"\"")
      return nil
    }
    let places: [URL]
    if text.hasPrefix("/") {
      places = endings.map { URL(fileURLWithPath: text + $0).standardizedFileURL }
    } else {
      let directories = (directory.map { [$0] } ?? []) + searchPaths
      places = directories.flatMap { directory in
        endings.map { directory.appendingPathComponent(text + $0).standardizedFileURL }
      }
    }
    // Whoever calls the command may name any file.
    let isGiven = node.value.line == 0
    let allowed = isGiven ? places : places.filter { isReadable($0.path) }
    for place in allowed {
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory), isDirectory.boolValue == isFolder,
        FileManager.default.isReadableFile(atPath: place.path)
      {
        return place.path
      }
    }
    guard !allowed.isEmpty || places.isEmpty else {
      report(
        node, "\"\(text)\" lies outside of where a network may read",
        hint: "it may read below its own directory and in directories of data sets; --data DIR adds one")
      return nil
    }
    let looked = allowed.isEmpty ? nil : "looked for " + allowed.map(\.path).joined(separator: ", ")
    report(node, "there is no readable \(isFolder ? "folder" : "file") \"\(text)\"", hint: looked)
    return nil
  }

  /// Whether a network may read what lies at an absolute path without "..": below its own directory, in `datasets/` beside that,
  /// in one of the search paths, or what it was allowed by name. Symbolic links are followed: they are the user's own.
  private func isReadable(_ path: String) -> Bool {
    var directories = searchPaths
    if let directory { directories += [directory, directory.appendingPathComponent("../datasets", isDirectory: true)] }
    return (directories.map(\.standardizedFileURL.path) + readable).contains { allowed in
      path == allowed || path.hasPrefix(allowed.hasSuffix("/") ? allowed : allowed + "/")
    }
  }
}
