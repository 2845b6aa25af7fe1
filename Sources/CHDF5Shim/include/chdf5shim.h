// HDF5's type identifiers are macros over mutable globals, which Swift 6 does not import: constants behind functions.
#pragma once
#include <hdf5.h>

static inline hid_t shim_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t shim_H5T_NATIVE_INT64(void) { return H5T_NATIVE_INT64; }
static inline hid_t shim_H5T_NATIVE_UINT64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t shim_H5T_NATIVE_UINT32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t shim_H5T_NATIVE_UINT8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t shim_H5T_IEEE_F64LE(void) { return H5T_IEEE_F64LE; }
static inline hid_t shim_H5T_STD_U64LE(void) { return H5T_STD_U64LE; }
static inline hid_t shim_H5T_STD_U32LE(void) { return H5T_STD_U32LE; }
static inline hid_t shim_H5T_STD_U8LE(void) { return H5T_STD_U8LE; }
static inline hid_t shim_H5T_C_S1(void) { return H5T_C_S1; }
static inline size_t shim_H5T_VARIABLE(void) { return H5T_VARIABLE; }
static inline unsigned shim_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned shim_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
static inline hid_t shim_H5P_DEFAULT(void) { return H5P_DEFAULT; }
static inline hid_t shim_H5P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }
static inline hid_t shim_H5P_DATASET_ACCESS(void) { return H5P_DATASET_ACCESS; }
static inline hid_t shim_H5S_ALL(void) { return H5S_ALL; }
static inline hsize_t shim_H5S_UNLIMITED(void) { return H5S_UNLIMITED; }

/// Switches off the library's own printing of errors. The setting is per thread in thread-safe builds.
void shim_silence_errors(void);
/// Copies the innermost message of the library's error stack into `text`; an empty string when there is none.
void shim_innermost_error(char *text, size_t capacity);

/// Property lists for opening links, groups and datasets, which refuse to follow a link into another file. Made once; the caller
/// holds whatever keeps other threads out of the library.
hid_t shim_link_access(void);
hid_t shim_group_access(void);
hid_t shim_dataset_access(void);

/// Whether all values of a dataset lie in the file that it is of: not in raw files beside it, nor in those that a virtual dataset
/// is put together from.
int shim_is_within_file(hid_t dataset);

/// What a trial needs to know.
typedef struct {
  const char *path;
  /// Bytes of the file.
  unsigned long long size;
  /// Bytes that anything may unpack to; how many times its packed size something larger may have.
  unsigned long long free, most;
} shim_trial;

/// Reads every object of a file in a child process, because libhdf5 (seen in 1.10.8) follows damaged references out of bounds, or
/// without end. Returns 0 when the child came back, whatever it found, and else the signal that ended it, or -1.
///
/// The caller keeps other threads out of the library meanwhile.
int shim_try_apart(shim_trial trial);
