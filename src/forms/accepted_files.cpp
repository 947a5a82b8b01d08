#include "forms/accepted_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> told{
    {{".png", "image/png"},
     {".jpg", "image/jpeg"},
     {".jpeg", "image/jpeg"},
     {".gif", "image/gif"},
     {".webp", "image/webp"},
     {".pdf", "application/pdf"}}};

}  // namespace

AcceptedFiles::AcceptedFiles(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t comma = std::min(accept.find(','), accept.size());
    const std::string part = to_lower(trimmed(accept.substr(0, comma)));
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    if (part.empty()) continue;
    text_ += (text_.empty() ? "" : ", ") + part;
    bool is_told = false;
    for (const auto& [end, type] : told) {
      const bool is_image = part == "image/*" && type.starts_with("image/");
      if (part != end && part != type && !is_image) continue;
      types_.push_back(type);
      is_told = true;
    }
    if (is_told) continue;
    if (part.starts_with('.'))
      ends_.push_back(part);
    else
      takes_any_ = true;  // of a type that no content tells
  }
  takes_any_ |= text_.empty();
}

bool AcceptedFiles::take(const File& file) const {
  if (takes_any_ || std::ranges::find(types_, file.type) != types_.end()) return true;
  const std::string name = to_lower(file.name);
  return std::ranges::any_of(ends_, [&](const std::string& end) { return name.ends_with(end); });
}

std::vector<std::string_view> AcceptedFiles::types() const {
  return takes_any_ || !ends_.empty() ? std::vector<std::string_view>() : types_;
}

}  // namespace actiond
