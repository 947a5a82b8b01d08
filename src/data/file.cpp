#include "data/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace actiond {
namespace {

struct KnownType {
  std::string_view type;
  std::string_view extension;
  std::string_view name;
};

constexpr std::array<KnownType, 5> known_types{{{"image/png", "png", "PNG"},
                                                {"image/jpeg", "jpg", "JPEG"},
                                                {"image/gif", "gif", "GIF"},
                                                {"image/webp", "webp", "WebP"},
                                                {"application/pdf", "pdf", "PDF"}}};

const KnownType* find_known(std::string_view type) {
  const auto found = std::find_if(known_types.begin(), known_types.end(),
                                  [type](const KnownType& known) { return known.type == type; });
  return found == known_types.end() ? nullptr : &*found;
}

}  // namespace

std::string_view sniffed_type(std::string_view head) {
  if (head.starts_with("\x89PNG\r\n\x1A\n")) return "image/png";
  if (head.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (head.starts_with("GIF87a") || head.starts_with("GIF89a")) return "image/gif";
  // Between the two: the size of the file.
  if (head.starts_with("RIFF") && head.size() >= 8 && head.substr(8).starts_with("WEBPVP"))
    return "image/webp";
  if (head.starts_with("%PDF-")) return "application/pdf";
  return "application/octet-stream";
}

std::string_view extension_of(std::string_view type) {
  const KnownType* known = find_known(type);
  return known ? known->extension : "bin";
}

std::string_view name_of_type(std::string_view type) {
  const KnownType* known = find_known(type);
  return known ? known->name : type;
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kib = 1024;
  if (bytes >= kib * kib && bytes % (kib * kib) == 0)
    return fmt::format("{} MiB", bytes / kib / kib);
  if (bytes >= kib && bytes % kib == 0) return fmt::format("{} KiB", bytes / kib);
  return fmt::format("{} bytes", bytes);
}

}  // namespace actiond
