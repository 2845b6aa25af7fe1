// One-instruction primitives that Swift has no spelling for; header only, so that each call inlines.
#pragma once

/// Hints that the cache line at `p` will be read soon.
static inline __attribute__((always_inline)) void primitive_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }

/// Tells the core that this is a spin-wait loop.
static inline __attribute__((always_inline)) void primitive_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}
