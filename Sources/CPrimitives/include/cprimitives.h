// Primitives that Swift has no spelling for; header only, so that each call inlines.
#pragma once

#include <stddef.h>
#include <sys/mman.h>

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

/// The level of the x86-64 instruction set: 4 (AVX-512), 3 (AVX2), 1 otherwise; 0 on other processors.
static inline int primitive_x86_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2") ||
      !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("popcnt"))
    return 1;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
             ? 4
             : 3;
#else
  return 0;
#endif
}

/// Asks the system to back the `bytes` at `p`, both multiples of a page, with large pages. Only a wish: memory that cannot be
/// had so stays in small pages.
static inline void primitive_advise_large_pages(void *p, size_t bytes) {
#if defined(MADV_HUGEPAGE)
  (void)madvise(p, bytes, MADV_HUGEPAGE);
#else
  (void)p;
  (void)bytes;
#endif
}
