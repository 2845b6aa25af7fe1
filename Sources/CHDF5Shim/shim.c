#include "chdf5shim.h"

#include <string.h>

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
