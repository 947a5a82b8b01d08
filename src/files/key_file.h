// The key ring's file.
#pragma once

#include <filesystem>

#include "access/key_ring.h"

namespace actiond {

// Throws WeakKey, naming the file and the key, when it is missing, others than its owner may read
// or write it, or a key in it is weak.
KeyRing load_key_ring(const std::filesystem::path& path);

// Replaces the file as a whole, mode 0600, on disk when this returns.
void save_key_ring(const std::filesystem::path& path, const KeyRing& keys);

}  // namespace actiond
