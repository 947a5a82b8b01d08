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

// Which no content tells: the names of their files do.  From the tables of nginx 1.22 and Debian's
// media-types.
constexpr auto named = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{".avif", "image/avif"},
     {".bmp", "image/bmp"},
     {".bmp", "image/x-ms-bmp"},
     {".heic", "image/heic"},
     {".heif", "image/heif"},
     {".ico", "image/x-icon"},
     {".ico", "image/vnd.microsoft.icon"},
     {".jxl", "image/jxl"},
     {".svg", "image/svg+xml"},
     {".tif", "image/tiff"},
     {".tiff", "image/tiff"},
     {".aac", "audio/aac"},
     {".flac", "audio/flac"},
     {".m4a", "audio/mp4"},
     {".m4a", "audio/x-m4a"},
     {".mid", "audio/midi"},
     {".mp3", "audio/mpeg"},
     {".oga", "audio/ogg"},
     {".ogg", "audio/ogg"},
     {".opus", "audio/ogg"},
     {".wav", "audio/wav"},
     {".wav", "audio/x-wav"},
     {".weba", "audio/webm"},
     {".3gp", "video/3gpp"},
     {".avi", "video/x-msvideo"},
     {".m4v", "video/x-m4v"},
     {".mkv", "video/x-matroska"},
     {".mov", "video/quicktime"},
     {".mp4", "video/mp4"},
     {".mpeg", "video/mpeg"},
     {".mpg", "video/mpeg"},
     {".ogv", "video/ogg"},
     {".webm", "video/webm"},
     {".wmv", "video/x-ms-wmv"},
     {".csv", "text/csv"},
     {".html", "text/html"},
     {".htm", "text/html"},
     {".ics", "text/calendar"},
     {".md", "text/markdown"},
     {".txt", "text/plain"},
     {".vcf", "text/vcard"},
     {".xml", "text/xml"},
     {".7z", "application/x-7z-compressed"},
     {".doc", "application/msword"},
     {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
     {".epub", "application/epub+zip"},
     {".gz", "application/gzip"},
     {".json", "application/json"},
     {".odp", "application/vnd.oasis.opendocument.presentation"},
     {".ods", "application/vnd.oasis.opendocument.spreadsheet"},
     {".odt", "application/vnd.oasis.opendocument.text"},
     {".ppt", "application/vnd.ms-powerpoint"},
     {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
     {".rar", "application/vnd.rar"},
     {".rtf", "application/rtf"},
     {".rtf", "text/rtf"},
     {".tar", "application/x-tar"},
     {".xls", "application/vnd.ms-excel"},
     {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
     {".xml", "application/xml"},
     {".zip", "application/x-zip-compressed"},
     {".zip", "application/zip"}});

// `asked` is a type, or all of a sort as "image/*".  A drawing may hold scripts: it is no picture
// unless it is asked for.
bool is_of(std::string_view type, std::string_view asked) {
  if (!asked.ends_with("/*")) return type == asked;
  return type.starts_with(asked.substr(0, asked.size() - 1)) && type != "image/svg+xml";
}

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
    if (part == "*/*")
      takes_any_ = true;
    else if (!take_told(part) && !take_named(part))
      unknown_ = written;
  }
  takes_any_ |= text_.empty();
}

bool AcceptedFiles::take_told(std::string_view part) {
  if (part == "image/jpg") part = "image/jpeg";  // which is no type, and often written
  bool is_told = false;
  for (const auto& [end, type] : told) {
    if (part != end && !is_of(type, part)) continue;
    is_told = true;
    if (std::ranges::find(types_, type) == types_.end()) types_.push_back(type);
  }
  return is_told && !part.ends_with("/*");
}

bool AcceptedFiles::take_named(std::string_view part) {
  if (part.starts_with('.')) {
    ends_.emplace_back(part);
    return part.size() > 1;
  }
  const std::size_t before = ends_.size();
  for (const auto& [end, type] : named)
    if (is_of(type, part)) ends_.emplace_back(end);
  return ends_.size() > before;
}

bool AcceptedFiles::take(const File& file) const {
  if (takes_any_ || std::ranges::find(types_, file.type) != types_.end()) return true;
  const std::string name = to_lower(file.name);
  return std::ranges::any_of(ends_, [&](const std::string& end) { return name.ends_with(end); });
}

std::vector<std::string_view> AcceptedFiles::types() const {
  return takes_any_ || !ends_.empty() ? std::vector<std::string_view>() : types_;
}

std::set<std::string_view> AcceptedFiles::kinds() const {
  if (takes_any_) return {};
  std::set<std::string_view> all(types_.begin(), types_.end());
  all.insert(ends_.begin(), ends_.end());
  return all;
}

}  // namespace actiond
