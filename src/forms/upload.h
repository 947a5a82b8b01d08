// Receives a file piece by piece.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.h"
#include "data/file.h"

namespace actiond {

class Upload {
 public:
  // The bytes of a file larger than `max_bytes` are dropped; its size is still counted.
  Upload(std::string name, std::size_t max_bytes, NewFileBytes new_bytes);

  void add(std::string_view piece);

  // Nothing for an empty file: a browser sends one for a field that was left empty.
  std::optional<File> finish() &&;

 private:
  File file_;
  const std::size_t max_bytes_;
  NewFileBytes new_bytes_;
  std::string head_;
  Sha256 digest_;
};

}  // namespace actiond
