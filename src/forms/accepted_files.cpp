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

std::vector<std::string_view> parts_of(std::string_view accept) {
  std::vector<std::string_view> parts;
  while (!accept.empty()) {
    const std::size_t comma = std::min(accept.find(','), accept.size());
    const std::string_view part = trimmed(accept.substr(0, comma));
    accept.remove_prefix(std::min(comma + 1, accept.size()));
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

bool is_known(std::string_view part) {
  if (part.find_first_of(" \t\r\n\f") != part.npos) return false;
  const std::size_t slash = part.find('/');
  if (slash == part.npos) return part.size() > 1 && part.starts_with('.');
  return slash > 0 && slash + 1 < part.size();
}

}  // namespace

std::string_view unknown_part(std::string_view accept) {
  for (const std::string_view part : parts_of(accept))
    if (!is_known(part)) return part;
  return {};
}

AcceptedFiles::AcceptedFiles(std::string_view accept) {
  for (const std::string_view written : parts_of(accept)) {
    const std::string part = to_lower(written);
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
