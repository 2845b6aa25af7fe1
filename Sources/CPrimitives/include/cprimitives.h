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

// Arithmetic of eight doubles as one vector instruction each (as many as the CPU needs): Swift 6.3 writes its operators on
// SIMD8<Double> as loops over lanes, and what the optimiser makes of them is a matter of luck. Compiles for any CPU.
typedef double primitive_lanes __attribute__((ext_vector_type(8)));
typedef long long primitive_mask __attribute__((ext_vector_type(8)));
#define PRIMITIVE_LANES static inline __attribute__((always_inline))

PRIMITIVE_LANES primitive_lanes primitive_lanes_add(primitive_lanes a, primitive_lanes b) { return a + b; }
PRIMITIVE_LANES primitive_lanes primitive_lanes_subtract(primitive_lanes a, primitive_lanes b) { return a - b; }
PRIMITIVE_LANES primitive_lanes primitive_lanes_multiply(primitive_lanes a, primitive_lanes b) { return a * b; }
PRIMITIVE_LANES primitive_lanes primitive_lanes_divide(primitive_lanes a, primitive_lanes b) { return a / b; }
PRIMITIVE_LANES primitive_mask primitive_lanes_less(primitive_lanes a, primitive_lanes b) { return (primitive_mask)(a < b); }
PRIMITIVE_LANES primitive_mask primitive_lanes_less_or_equal(primitive_lanes a, primitive_lanes b) { return (primitive_mask)(a <= b); }
/// b where the mask is set, a elsewhere.
PRIMITIVE_LANES primitive_lanes primitive_lanes_select(primitive_mask m, primitive_lanes a, primitive_lanes b) {
  return m ? b : a;
}

/// Makes this thread take denormal numbers for zero, in operands and in results (FTZ and DAZ of x86-64, FZ of AArch64). Returns
/// how it was before.
static inline unsigned long primitive_flush_denormals(void) {
#if defined(__x86_64__)
  unsigned mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | 0x8040u);
  return mode;
#elif defined(__aarch64__)
  unsigned long mode;
  __asm__ __volatile__("mrs %0, fpcr" : "=r"(mode));
  __asm__ __volatile__("msr fpcr, %0" : : "r"(mode | (1ul << 24)));
  return mode;
#else
  return 0;
#endif
}

/// Brings back what `primitive_flush_denormals` found.
static inline void primitive_restore_denormals(unsigned long mode) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ __volatile__("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}
