// HDF5's type identifiers are macros over mutable globals, which Swift 6 does not import: constants behind functions.
#pragma once
#include <hdf5.h>

static inline hid_t shim_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }
