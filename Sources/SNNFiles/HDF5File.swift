import CHDF5
import CHDF5Shim
import Foundation

/// An HDF5 file opened for reading. Everything found wrong is a ``FileError`` that names the object.
///
/// The file may come from strangers. A child process has read it before this one does, and nothing leads out of it: no external
/// link, no raw file beside it, no virtual dataset.
public final class HDF5File {
  public let path: String
  /// Bytes.
  private let size: Int
  private let file: HDF5Handle
  /// Of libhdf5.
  var id: hid_t { file.id }

  public init(path: String) throws {
    self.path = path
    let reader = try FileReader(path: path)
    let head = try reader.bytes(at: 0, count: min(8, reader.size))
    size = reader.size
    let trial = (free: UInt64(Expansion.free), most: UInt64(Expansion.most))
    file = try HDF5.locked {
      let end = path.withCString {
        shim_try_apart(shim_trial(path: $0, size: UInt64(reader.size), free: trial.free, most: trial.most))
      }
      guard end == 0 else {
        throw FileError.read(path, "is a corrupt HDF5 file: a process that tried to read it did not come back")
      }
      if let file = HDF5Handle(H5Fopen(path, shim_H5F_ACC_RDONLY(), shim_H5P_DEFAULT()), H5Fclose) { return file }
      let isHDF5 = head == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
      throw FileError.read(path, isHDF5 ? "is a truncated or corrupt HDF5 file\(HDF5.reason)" : "is not an HDF5 file")
    }
  }

  /// Whether a group or dataset of this absolute path exists.
  public func contains(_ object: String) -> Bool {
    HDF5.locked {
      var prefix = ""
      for part in object.split(separator: "/") {
        prefix += "/" + part
        guard H5Lexists(file.id, prefix, shim_link_access()) > 0 else { return false }
      }
      return H5Oexists_by_name(file.id, object, shim_link_access()) > 0
    }
  }

  public func isGroup(_ object: String) -> Bool {
    contains(object) && HDF5.locked { HDF5Handle(H5Gopen2(file.id, object, shim_group_access()), H5Gclose) != nil }
  }

  /// The names inside a group, in alphabetical order.
  public func names(in group: String) throws -> [String] {
    try HDF5.locked {
      guard let handle = HDF5Handle(H5Gopen2(file.id, group, shim_group_access()), H5Gclose) else {
        throw FileError.read(path, "has no group \(group)\(HDF5.reason)")
      }
      var info = H5G_info_t()
      guard H5Gget_info(handle.id, &info) >= 0 else { throw FileError.read(path, "group \(group) cannot be read\(HDF5.reason)") }
      var names: [String] = []
      // A damaged group may claim any number: without room made for them.
      for index in 0..<info.nlinks {
        let length = H5Lget_name_by_idx(handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, shim_H5P_DEFAULT())
        guard length >= 0, length < 1 << 16 else { throw FileError.read(path, "group \(group) cannot be read\(HDF5.reason)") }
        var name = [CChar](repeating: 0, count: length + 1)
        H5Lget_name_by_idx(handle.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, name.count, shim_H5P_DEFAULT())
        names.append(String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
      return names
    }
  }

  /// A one-dimensional dataset of floats or integers.
  public func doubles(_ dataset: String) throws -> [Double] {
    try read(dataset, allowed: [H5T_FLOAT, H5T_INTEGER], wanted: "numbers", as: shim_H5T_NATIVE_DOUBLE(), zero: 0)
  }

  /// A one-dimensional dataset of integers; unsigned ones beyond the range of `Int64` become its greatest number.
  public func integers(_ dataset: String) throws -> [Int64] {
    try read(dataset, allowed: [H5T_INTEGER], wanted: "integers", as: shim_H5T_NATIVE_INT64(), zero: 0)
  }

  /// A one-dimensional dataset of integers from 0 to 4,294,967,295.
  public func ids(_ dataset: String) throws -> [UInt32] {
    try integers(dataset).enumerated().map { index, value in
      guard let id = UInt32(exactly: value) else {
        throw FileError.read(path, "\(dataset)[\(index)] is \(value), which is no neuron id")
      }
      return id
    }
  }

  private func read<Number: BitwiseCopyable>(
    _ dataset: String, allowed: [H5T_class_t], wanted: String, as memoryType: hid_t, zero: Number
  ) throws -> [Number] {
    guard contains(dataset) else { throw missing(dataset) }
    return try HDF5.locked {
      guard let handle = HDF5Handle(H5Dopen2(file.id, dataset, shim_dataset_access()), H5Dclose),
        let type = HDF5Handle(H5Dget_type(handle.id), H5Tclose), let space = HDF5Handle(H5Dget_space(handle.id), H5Sclose)
      else { throw FileError.read(path, "\(dataset) is not a dataset, or is corrupt\(HDF5.reason)") }
      let kind = H5Tget_class(type.id)
      guard allowed.contains(kind) else {
        throw FileError.read(path, "\(dataset) holds \(Self.name(of: kind)); \(wanted) are needed")
      }
      let rank = H5Sget_simple_extent_ndims(space.id)
      guard rank == 1 else { throw FileError.read(path, "\(dataset) has \(rank) dimensions; one is needed") }
      let count = H5Sget_simple_extent_npoints(space.id)
      guard count > 0 else { return [] }
      try checkSize(dataset, handle, count: UInt(count), bytesEach: MemoryLayout<Number>.stride)
      var values = [Number](repeating: zero, count: Int(count))
      guard H5Dread(handle.id, memoryType, shim_H5S_ALL(), shim_H5S_ALL(), shim_H5P_DEFAULT(), &values) >= 0 else {
        throw FileError.read(path, "\(dataset) cannot be read: the file is truncated or corrupt\(HDF5.reason)")
      }
      return values
    }
  }

  /// Refuses a dataset that claims more than the file can hold, before memory is taken for it.
  func checkSize(_ dataset: String, _ handle: HDF5Handle, count: UInt, bytesEach: Int) throws {
    guard shim_is_within_file(handle.id) != 0 else {
      throw FileError.read(path, "\(dataset) has its values in other files: it is refused", hint: "put them into the file itself")
    }
    let stored = H5Dget_storage_size(handle.id)
    let (bytes, overflow) = count.multipliedReportingOverflow(by: UInt(bytesEach))
    guard stored > 0, stored <= UInt64(size), !overflow, let bytes = Int(exactly: bytes),
      Expansion.allows(bytes, from: Int(stored))
    else {
      throw FileError.read(
        path, "\(dataset) claims \(count) values but stores \(stored) bytes: it is refused", hint: Expansion.hint)
    }
  }

  /// A string attribute of an object, `nil` when it is absent or no single string.
  public func text(of object: String, attribute: String) throws -> String? {
    guard contains(object) else { return nil }
    return try HDF5.locked {
      let none = shim_H5P_DEFAULT()
      guard H5Aexists_by_name(file.id, object, attribute, shim_link_access()) > 0,
        let handle = HDF5Handle(H5Aopen_by_name(file.id, object, attribute, none, shim_link_access()), H5Aclose),
        let type = HDF5Handle(H5Aget_type(handle.id), H5Tclose), H5Tget_class(type.id) == H5T_STRING,
        let space = HDF5Handle(H5Aget_space(handle.id), H5Sclose), H5Sget_simple_extent_npoints(space.id) == 1
      else { return nil }
      if H5Tis_variable_str(type.id) > 0 {
        var value: UnsafeMutablePointer<CChar>?
        guard H5Aread(handle.id, type.id, &value) >= 0, let value else {
          throw FileError.read(path, "attribute \"\(attribute)\" of \(object) cannot be read: the file is corrupt")
        }
        defer { H5free_memory(value) }
        return String(cString: value)
      }
      let size = H5Tget_size(type.id)
      guard size > 0, size < 1 << 16 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard H5Aread(handle.id, type.id, &bytes) >= 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The error for an object that is not there: names what its group holds instead.
  func missing(_ object: String) -> FileError {
    var parent = object.split(separator: "/").dropLast()
    while !parent.isEmpty, !contains("/" + parent.joined(separator: "/")) { parent.removeLast() }
    let group = "/" + parent.joined(separator: "/")
    let found = (try? names(in: group)).map { "\(group) holds \(listed($0))" }
    return FileError.read(path, "has no \(object)", hint: found)
  }

  private static func name(of kind: H5T_class_t) -> String {
    switch kind {
    case H5T_INTEGER: "integers"
    case H5T_FLOAT: "floating-point numbers"
    case H5T_STRING: "strings"
    case H5T_COMPOUND: "compound records"
    case H5T_ENUM: "enumerated values"
    case H5T_VLEN: "sequences of varying length"
    case H5T_REFERENCE: "references"
    default: "values of an unknown type"
    }
  }
}
