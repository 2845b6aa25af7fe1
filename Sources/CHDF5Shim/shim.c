#include "chdf5shim.h"

#include <errno.h>
#include <signal.h>
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

// Runs in the child: only C from here on, and no way back.
static void send_text(hid_t attribute, hid_t type, int pipe_end, size_t capacity) {
  const int faults[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM};
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; ++i) signal(faults[i], SIG_DFL);
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  alarm(10);
  close(STDERR_FILENO);
  char *value = NULL;
  if (H5Aread(attribute, type, &value) < 0 || value == NULL) _exit(1);
  size_t length = strnlen(value, capacity);
  if (length >= capacity || write(pipe_end, value, length) != (ssize_t)length) _exit(1);
  _exit(0);
}

int shim_read_text_apart(hid_t attribute, hid_t type, char *text, size_t capacity) {
  int ends[2];
  // What fits the least pipe buffer can be written before anyone reads.
  if (capacity > 512) capacity = 512;
  if (pipe(ends) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    send_text(attribute, type, ends[1], capacity);
  }
  close(ends[1]);
  size_t length = 0;
  int status = -1;
  if (child > 0) {
    ssize_t n;
    while (length < capacity - 1 &&
           ((n = read(ends[0], text + length, capacity - 1 - length)) > 0 || (n < 0 && errno == EINTR)))
      if (n > 0) length += (size_t)n;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  close(ends[0]);
  text[length] = 0;
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
