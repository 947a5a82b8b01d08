#include "http/local_path.h"

#include "base/encoding.h"

namespace actiond {

bool is_local_path(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//")) return false;
  for (std::size_t at = 0; at < path.size(); ++at) {
    // Browsers read '\\' as '/', and drop tabs and line breaks before they look.
    if (path[at] <= ' ' || path[at] >= '\x7F' || path[at] == '\\') return false;
    if (path[at] != '%') continue;
    // A server that decodes the path once more must not find another host in it either.
    const int byte = percent_byte(path.substr(at));
    if (byte < ' ' || byte == '\\' || byte == 0x7F || (at == 1 && byte == '/')) return false;
  }
  return true;
}

std::optional<std::string> local_path_in(std::string_view text) {
  std::string path = percent_byte(text) == '/' ? from_percent_encoded(text) : std::string(text);
  if (!is_local_path(path)) return std::nullopt;
  return path;
}

std::string as_next(std::string_view path) {
  std::string plain = to_percent_encoded(path);
  return plain == path ? plain : to_percent_encoded(path, "");
}

std::string path_of_page(std::string_view page) {
  return to_percent_encoded(std::string("/").append(page));
}

std::string page_at(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  return from_percent_encoded(path.substr(path.starts_with('/') ? 1 : 0));
}

}  // namespace actiond
