// Freed memory is wiped first: a password passes through a dozen strings between the socket and its
// hash, and through the buffers of libfcgi, and one forgotten place would keep it for whoever reads
// the process's memory later.
//
// Every form of `delete` ends in the C library's free, and this one takes its place for the program
// and its libraries (glibc, "Replacing malloc").
#include "base/freed_memory.h"

#include <cstdlib>
#include <cstring>

#ifdef __SANITIZE_ADDRESS__

// AddressSanitizer has a free of its own, and tells when it is called.  GCC ships no header of
// these.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*,
                                                                             std::size_t),
                                                         void (*free_hook)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void* memory);

namespace {
[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) {},
    [](const volatile void* memory) {
      if (memory != nullptr)
        explicit_bzero(const_cast<void*>(memory), __sanitizer_get_allocated_size(memory));
    });
}  // namespace

#else

#include <malloc.h>

extern "C" void __libc_free(void* memory);

extern "C" void free(void* memory) {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  __libc_free(memory);
}

#endif

void actiond::wipe_freed_memory() {}
