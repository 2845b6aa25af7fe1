import CHDF5
import CHDF5Shim

/// Writes a SONATA spike file, population by population, in batches: memory does not grow with the number of spikes.
///
///     /spikes/<population>/timestamps  float64, units "ms"      /spikes/<population>/node_ids  uint64, from 0
///
/// `sorting` is `by_time`: batches of one population must come in order of time. A population without spikes has empty datasets.
/// Format: https://github.com/AllenInstitute/sonata/blob/master/docs/SONATA_DEVELOPER_GUIDE.md, "Spike file".
public final class SONATASpikeWriter {
  /// Spikes per HDF5 chunk: 32 KiB of each dataset.
  private static let chunk = 4096
  private struct Population {
    var times: HDF5Handle
    var ids: HDF5Handle
    var count: hsize_t = 0
  }
  private let file: AtomicFile
  private var handle: HDF5Handle?
  private var populations: [Population] = []

  public init(path: String, populations names: [String]) throws {
    file = AtomicFile(path: path)
    try Self.check(names, path: path)
    // HDF5 hides the operating system's reason, so the file is made first in the ordinary way.
    try OutputFile(path: file.temporaryPath, shownAs: path).close()
    try HDF5.locked {
      let none = shim_H5P_DEFAULT()
      let handle = try made(H5Fcreate(file.temporaryPath, shim_H5F_ACC_TRUNC(), none, none), H5Fclose)
      self.handle = handle
      let root = try made(H5Gopen2(handle.id, "/", none), H5Gclose)
      try attach([0x0A7A], to: root, "magic", scalar: true)
      try attach([0, 1], to: root, "version", scalar: false)
      let spikes = try made(H5Gcreate2(handle.id, "spikes", none, none, none), H5Gclose)
      for name in names {
        let group = try made(H5Gcreate2(spikes.id, name, none, none, none), H5Gclose)
        try attachSorting(to: group)
        let times = try dataset("timestamps", in: group, shim_H5T_IEEE_F64LE())
        try attach("ms", to: times, "units")
        populations.append(Population(times: times, ids: try dataset("node_ids", in: group, shim_H5T_STD_U64LE())))
      }
    }
  }

  /// Whether populations may have these names in a SONATA file.
  public static func check(_ names: [String], path: String) throws {
    for name in names where name.isEmpty || name == "." || name.contains("/") {
      throw FileError(.write, path, "a SONATA population cannot be called \"\(name)\"", hint: "rename it or write csv or npz")
    }
  }

  /// Appends spikes of the population with this position in the list given at the start. Arrays of equal length.
  public func append(population: Int, times: [Double], ids: [UInt64]) throws {
    precondition(times.count == ids.count)
    guard !times.isEmpty else { return }
    try HDF5.locked {
      try extend(populations[population].times, by: times, from: populations[population].count, shim_H5T_NATIVE_DOUBLE())
      try extend(populations[population].ids, by: ids, from: populations[population].count, shim_H5T_NATIVE_UINT64())
    }
    populations[population].count += hsize_t(times.count)
  }

  /// Brings everything appended to the (still temporary) file.
  public func flush() throws {
    guard let handle else { return }
    try HDF5.locked { try check(H5Fflush(handle.id, H5F_SCOPE_GLOBAL)) }
  }

  /// Closes the file and gives it its name.
  public func close() throws {
    guard handle != nil else { return }
    try flush()
    populations = []
    handle = nil
    try file.commit()
  }

  // MARK: - Calls into the library, made with its lock held

  private var failure: FileError { FileError(.write, file.path, "cannot be written\(HDF5.reason)") }

  private func made(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) throws -> HDF5Handle {
    guard let handle = HDF5Handle(id, close) else { throw failure }
    return handle
  }
  private func check(_ status: herr_t) throws { if status < 0 { throw failure } }

  private func dataset(_ name: String, in group: HDF5Handle, _ type: hid_t) throws -> HDF5Handle {
    var size: hsize_t = 0
    var limit = shim_H5S_UNLIMITED()
    var chunk = hsize_t(Self.chunk)
    let space = try made(H5Screate_simple(1, &size, &limit), H5Sclose)
    let creation = try made(H5Pcreate(shim_H5P_DATASET_CREATE()), H5Pclose)
    try check(H5Pset_chunk(creation.id, 1, &chunk))
    // No modification times: equal spikes give equal bytes.
    try check(H5Pset_obj_track_times(creation.id, false))
    let access = try made(H5Pcreate(shim_H5P_DATASET_ACCESS()), H5Pclose)
    // One chunk in memory is enough for appending; the library's default is a megabyte for each dataset.
    try check(H5Pset_chunk_cache(access.id, 1, 8 * Self.chunk, 1))
    return try made(H5Dcreate2(group.id, name, type, space.id, shim_H5P_DEFAULT(), creation.id, access.id), H5Dclose)
  }

  private func extend<Number: BitwiseCopyable>(_ dataset: HDF5Handle, by values: [Number], from start: hsize_t, _ type: hid_t)
    throws
  {
    var first = start
    var count = hsize_t(values.count)
    var size = first + count
    try check(H5Dset_extent(dataset.id, &size))
    let space = try made(H5Dget_space(dataset.id), H5Sclose)
    try check(H5Sselect_hyperslab(space.id, H5S_SELECT_SET, &first, nil, &count, nil))
    let memory = try made(H5Screate_simple(1, &count, nil), H5Sclose)
    try check(H5Dwrite(dataset.id, type, memory.id, space.id, shim_H5P_DEFAULT(), values))
  }

  private func attach(_ numbers: [UInt32], to object: HDF5Handle, _ name: String, scalar: Bool) throws {
    var count = hsize_t(numbers.count)
    let space = try made(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nil), H5Sclose)
    try attach(numbers, to: object, name, space, stored: shim_H5T_STD_U32LE(), given: shim_H5T_NATIVE_UINT32())
  }

  private func attach(_ text: String, to object: HDF5Handle, _ name: String) throws {
    let type = try made(H5Tcopy(shim_H5T_C_S1()), H5Tclose)
    try check(H5Tset_size(type.id, shim_H5T_VARIABLE()))
    try check(H5Tset_cset(type.id, H5T_CSET_UTF8))
    let space = try made(H5Screate(H5S_SCALAR), H5Sclose)
    try text.withCString { try attach([$0], to: object, name, space, stored: type.id, given: type.id) }
  }

  private func attachSorting(to object: HDF5Handle) throws {
    let type = try made(H5Tenum_create(shim_H5T_NATIVE_UINT8()), H5Tclose)
    for (name, value) in [("none", 0), ("by_id", 1), ("by_time", 2)] {
      var value = UInt8(value)
      try check(H5Tenum_insert(type.id, name, &value))
    }
    let space = try made(H5Screate(H5S_SCALAR), H5Sclose)
    try attach([UInt8(2)], to: object, "sorting", space, stored: type.id, given: type.id)
  }

  private func attach<Value: BitwiseCopyable>(
    _ values: [Value], to object: HDF5Handle, _ name: String, _ space: HDF5Handle, stored: hid_t, given: hid_t
  ) throws {
    let none = shim_H5P_DEFAULT()
    let attribute = try made(H5Acreate2(object.id, name, stored, space.id, none, none), H5Aclose)
    try check(H5Awrite(attribute.id, given, values))
  }
}
