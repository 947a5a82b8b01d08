// A form that takes files, and where their bytes go.
#pragma once

#include <memory>
#include <string>

#include "forms/form.h"

namespace actiond::fuzz {

class MemoryBytes final : public FileBytes {
 public:
  void append(std::string_view piece) override { bytes_ += piece; }
  std::size_t read(std::size_t offset, char* into, std::size_t size) const override {
    return offset < bytes_.size() ? bytes_.copy(into, size, offset) : 0;
  }
  void sync() override {}
  const std::string& all() const { return bytes_; }

 private:
  std::string bytes_;
};

inline const NewFileBytes new_bytes = [] { return std::make_shared<MemoryBytes>(); };

inline const std::string& bytes_of(const File& file) {
  static const std::string nothing;  // an empty file has no bytes at all
  return file.size == 0 ? nothing : dynamic_cast<const MemoryBytes&>(*file.bytes).all();
}

inline constexpr std::int64_t max_photo_bytes = 300;
inline const FormDescription form_with_file{
    "", {{"text", Kind::Text, {}}, {"photo", Kind::File, {.max = max_photo_bytes}}}};

}  // namespace actiond::fuzz
