// The digests as plain structs, whose state a checkpoint can keep: deprecated since OpenSSL 3 in favour of EVP, whose state is hidden.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
