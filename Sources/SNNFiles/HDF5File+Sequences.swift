import CHDF5
import CHDF5Shim

extension HDF5File {
  /// A one-dimensional dataset whose entries are sequences of numbers, each of its own length.
  public func sequences(_ dataset: String) throws -> [[Double]] {
    guard contains(dataset) else { throw missing(dataset) }
    return try HDF5.locked {
      guard let handle = HDF5Handle(H5Dopen2(id, dataset, shim_dataset_access()), H5Dclose),
        let type = HDF5Handle(H5Dget_type(handle.id), H5Tclose), let space = HDF5Handle(H5Dget_space(handle.id), H5Sclose),
        let wanted = HDF5Handle(H5Tvlen_create(shim_H5T_NATIVE_DOUBLE()), H5Tclose)
      else { throw FileError.read(path, "\(dataset) is not a dataset, or is corrupt\(HDF5.reason)") }
      guard H5Tget_class(type.id) == H5T_VLEN, H5Sget_simple_extent_ndims(space.id) == 1 else {
        throw FileError.read(path, "\(dataset) is no list of sequences")
      }
      let count = Int(H5Sget_simple_extent_npoints(space.id))
      guard count != 0 else { return [] }
      // A sequence takes 16 bytes of the dataset itself.
      try checkSize(dataset, handle, count: UInt(bitPattern: count), bytesEach: MemoryLayout<hvl_t>.stride)
      var rows = [hvl_t](repeating: hvl_t(), count: count)
      guard H5Dread(handle.id, wanted.id, shim_H5S_ALL(), shim_H5S_ALL(), shim_H5P_DEFAULT(), &rows) >= 0 else {
        throw FileError.read(path, "\(dataset) cannot be read: the file is truncated or corrupt\(HDF5.reason)")
      }
      defer { H5Dvlen_reclaim(wanted.id, space.id, shim_H5P_DEFAULT(), &rows) }
      return rows.map { row in
        guard row.len > 0, let start = row.p else { return [] }
        return Array(UnsafeBufferPointer(start: start.assumingMemoryBound(to: Double.self), count: row.len))
      }
    }
  }
}
