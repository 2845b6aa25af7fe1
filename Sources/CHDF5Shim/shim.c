// What H5Ovisit hands over differs between versions.
#define H5_USE_110_API
#include "chdf5shim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *text;
  size_t capacity;
} Message;

static herr_t take_first(unsigned n, const H5E_error2_t *error, void *context) {
  Message *message = context;
  (void)n;
  if (error->desc != NULL) {
    strncpy(message->text, error->desc, message->capacity - 1);
    message->text[message->capacity - 1] = 0;
  }
  return 1;
}

void shim_silence_errors(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

void shim_innermost_error(char *text, size_t capacity) {
  Message message = {text, capacity};
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &message);
}

static herr_t refuse(const char *parent, const char *group, const char *child, const char *object, unsigned *flags,
                     hid_t access, void *context) {
  (void)parent, (void)group, (void)child, (void)object, (void)flags, (void)access, (void)context;
  return -1;
}

static hid_t within_file(hid_t class) {
  hid_t list = H5Pcreate(class);
  H5Pset_elink_cb(list, refuse, NULL);
  return list;
}

hid_t shim_link_access(void) {
  static hid_t list = 0;
  if (list == 0) list = within_file(H5P_LINK_ACCESS);
  return list;
}

hid_t shim_group_access(void) {
  static hid_t list = 0;
  if (list == 0) list = within_file(H5P_GROUP_ACCESS);
  return list;
}

hid_t shim_dataset_access(void) {
  static hid_t list = 0;
  if (list == 0) list = within_file(H5P_DATASET_ACCESS);
  return list;
}

int shim_is_within_file(hid_t dataset) {
  hid_t creation = H5Dget_create_plist(dataset);
  if (creation < 0) return 0;
  int is = H5Pget_layout(creation) != H5D_VIRTUAL && H5Pget_external_count(creation) == 0;
  H5Pclose(creation);
  return is;
}

// Runs in the child: only C from here on, and no way back.

static shim_trial trial;

/// The type in memory that our readers ask for, 0 for what none of them reads.
static hid_t memory_type(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return H5Tcopy(H5T_NATIVE_INT64);
    case H5T_FLOAT: return H5Tcopy(H5T_NATIVE_DOUBLE);
    case H5T_VLEN: return H5Tvlen_create(H5T_NATIVE_DOUBLE);
    default: return 0;
  }
}

/// Whether our readers would read a dataset at all: what they refuse can't do harm.
static int is_read(hid_t dataset, hid_t space, unsigned long long count, unsigned long long size) {
  unsigned long long stored = H5Dget_storage_size(dataset);
  if (H5Sget_simple_extent_ndims(space) != 1 || count == 0 || count > SIZE_MAX / size) return 0;
  if (stored == 0 || stored > trial.size || !shim_is_within_file(dataset)) return 0;
  return count * size <= trial.free || count * size / trial.most <= stored;
}

static void try_dataset(hid_t file, const char *name) {
  hid_t dataset = H5Dopen2(file, name, shim_dataset_access());
  if (dataset < 0) return;
  hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset), wanted = memory_type(type);
  hssize_t count = H5Sget_simple_extent_npoints(space);
  if (wanted > 0 && count > 0 && is_read(dataset, space, (unsigned long long)count, H5Tget_size(wanted))) {
    void *values = malloc((size_t)count * H5Tget_size(wanted));
    herr_t result = values == NULL ? -1 : H5Dread(dataset, wanted, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    // A sequence may claim any length: what this process has no room for, no other should try.
    if (result < 0 && H5Tget_class(type) == H5T_VLEN) _exit(1);
    free(values);
  }
  H5Dclose(dataset);
}

static herr_t try_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context) {
  (void)info, (void)context;
  hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
  if (attribute < 0) return 0;
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  if (H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1) {
    static char text[1 << 16];
    char *value = NULL;
    if (H5Tis_variable_str(type) > 0) {
      // Looking for its end is part of the trial.
      if (H5Aread(attribute, type, &value) >= 0 && value != NULL && strlen(value) >= sizeof text) _exit(1);
    } else if (H5Tget_size(type) < sizeof text) {
      H5Aread(attribute, type, text);
    }
  }
  H5Aclose(attribute);
  return 0;
}

static herr_t try_object(hid_t file, const char *name, const H5O_info_t *info, void *context) {
  (void)context;
  hid_t object = H5Oopen(file, name, shim_link_access());
  if (object >= 0) {
    hsize_t place = 0;
    H5G_info_t group;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &place, try_attribute, NULL);
    if (info->type == H5O_TYPE_GROUP) H5Gget_info(object, &group);
    H5Oclose(object);
  }
  if (info->type == H5O_TYPE_DATASET) try_dataset(file, name);
  return 0;
}

/// Bounds the memory of this process at what it has and what an honest file of this size can need.
static void limit_memory(void) {
  char text[32] = {0};
  int file = open("/proc/self/statm", O_RDONLY);
  if (file < 0) return;
  ssize_t n = read(file, text, sizeof text - 1);
  close(file);
  unsigned long long present = n > 0 ? strtoull(text, NULL, 10) * (unsigned long long)sysconf(_SC_PAGESIZE) : 0;
  unsigned long long limit = present + 8 * trial.free + trial.most * trial.size;
  const struct rlimit memory = {limit, limit};
  if (present > 0) setrlimit(RLIMIT_AS, &memory);
}

static void try_file(void) {
  const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGXCPU};
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; ++i) signal(faults[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  limit_memory();
  // Of the processor, for one that loops: a second is long for a small file, and 20 MB of a large one take less.
  const rlim_t seconds = 1 + trial.size / 20000000;
  const struct rlimit processor = {seconds, seconds};
  setrlimit(RLIMIT_CPU, &processor);
  close(STDERR_FILENO);
  hid_t file = H5Fopen(trial.path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file >= 0) H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, try_object, NULL);
  _exit(0);
}

int shim_try_apart(shim_trial asked) {
  // Made here, so that the child finds the library begun.
  shim_link_access();
  shim_dataset_access();
  trial = asked;
  pid_t child = fork();
  if (child == 0) try_file();
  // Where no process can be made, the file is read without a trial.
  if (child < 0) return 0;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 0;
  }
  if (WIFSIGNALED(status)) return WTERMSIG(status);
  return WEXITSTATUS(status) == 0 ? 0 : -1;
}
