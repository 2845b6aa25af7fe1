/// Columns of numbers with names, such as a time series: from CSV with a header, or from the one-dimensional arrays of a npz file.
public struct NumberTable: Sendable, Equatable {
  public var path: String
  public var names: [String]
  public var columns: [[Double]]

  public static func read(path: String) throws -> NumberTable {
    if path.lowercased().hasSuffix(".npz") {
      let file = try NPZFile(path: path)
      return NumberTable(path: path, names: file.names, columns: try file.names.map(file.column))
    }
    let table = try CSVTable(path: path)
    guard !table.names.isEmpty else {
      throw FileError.read(path, "has no header line", hint: "name the columns in the first line")
    }
    return NumberTable(path: path, names: table.names, columns: try (0..<table.columnCount).map(table.numbers))
  }

  /// The column of this name.
  public func column(_ name: String) throws -> [Double] { try column(anyOf: [name]) }

  /// The column of the first of these names that the table has; errors blame the first.
  public func column(anyOf candidates: [String]) throws -> [Double] {
    guard let index = candidates.lazy.compactMap(names.firstIndex).first else {
      throw FileError.read(path, "has no column \"\(candidates[0])\"", hint: "its columns are \(listed(names))")
    }
    return columns[index]
  }
}

/// One list of finite numbers: a one-dimensional npy, a npz with a single array, or a text file with a single column.
public func numberArray(path: String) throws -> [Double] {
  let name = path.lowercased()
  let values: [Double]
  if name.hasSuffix(".npy") || name.hasSuffix(".npz") {
    let array: NPYArray
    if name.hasSuffix(".npz") {
      let file = try NPZFile(path: path)
      guard file.names.count == 1 else {
        throw FileError.read(path, "holds \(file.names.count) arrays (\(listed(file.names))); one is needed")
      }
      array = try file.array(file.names[0])
    } else {
      array = try NPYArray.read(path: path)
    }
    guard array.shape.count == 1 else {
      throw FileError.read(path, "has shape \(array.shape); one dimension is needed")
    }
    values = array.doubles
  } else if [".csv", ".csv.gz", ".txt", ".txt.gz"].contains(where: name.hasSuffix) {
    let table = try CSVTable(path: path)
    guard table.columnCount == 1 else { throw FileError.read(path, "has \(table.columnCount) columns; one is needed") }
    values = try table.numbers(0)
  } else {
    throw FileError.read(path, "is of no known kind of number file", hint: "known endings are .npy, .npz, .csv and .txt")
  }
  if let bad = values.firstIndex(where: { !$0.isFinite }) { throw FileError.read(path, "value \(bad) is \(values[bad])") }
  return values
}
