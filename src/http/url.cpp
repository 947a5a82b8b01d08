#include "http/url.h"

#include <algorithm>
#include <vector>

#include "base/encoding.h"

namespace actiond {
namespace {

bool is_slash(char c) { return c == '/' || c == '\\'; }

// Without what a parser drops: control characters and spaces at the ends, tabs and line breaks.
std::string stripped(std::string_view text) {
  const auto is_c0_or_space = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_c0_or_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_c0_or_space(text.back())) text.remove_suffix(1);
  std::string result(text);
  std::erase_if(result, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return result;
}

// "https" of "https://…" in lower case, or nothing.
std::optional<std::string> scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || !is_letter(text.front())) return std::nullopt;
  const std::string_view scheme = text.substr(0, colon);
  const bool is_scheme = std::ranges::all_of(
      scheme, [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; });
  return is_scheme ? std::optional(to_lower(scheme)) : std::nullopt;
}

std::string without_default_port(std::string_view authority, std::string_view scheme) {
  std::string host = to_lower(authority.substr(authority.rfind('@') + 1));
  const std::string_view port = scheme == "https" ? ":443" : scheme == "http" ? ":80" : "";
  if (!port.empty() && host.ends_with(port)) host.erase(host.size() - port.size());
  return host;
}

bool is_dot(std::string_view segment) { return segment == "." || to_lower(segment) == "%2e"; }
bool is_double_dot(std::string_view segment) {
  const std::string lower = to_lower(segment);
  return lower == ".." || lower == ".%2e" || lower == "%2e." || lower == "%2e%2e";
}

// `path` is absolute.
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  bool ends_in_folder = false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::ranges::find_if(path, is_slash);
    const std::string_view segment = path.substr(0, static_cast<std::size_t>(end - path.begin()));
    path.remove_prefix(segment.size());
    ends_in_folder = is_dot(segment) || is_double_dot(segment);
    if (is_double_dot(segment) && !segments.empty()) segments.pop_back();
    if (!ends_in_folder) segments.push_back(segment);
  }
  std::string result;
  for (const std::string_view segment : segments) result.append("/").append(segment);
  return ends_in_folder || result.empty() ? result + '/' : result;
}

}  // namespace

std::optional<Url> resolve_url(std::string_view reference, std::string_view base_path) {
  const std::string whole = stripped(reference);
  std::string_view text = whole;
  const auto scheme = scheme_of(text);
  if (scheme && *scheme != "http" && *scheme != "https") return std::nullopt;
  if (scheme) text.remove_prefix(scheme->size() + 1);
  Url url;
  url.scheme = scheme.value_or("");
  if (text.size() > 1 && is_slash(text[0]) && is_slash(text[1])) {
    text.remove_prefix(2);
    // With a scheme, any number of slashes.
    while (scheme && !text.empty() && is_slash(text.front())) text.remove_prefix(1);
    const std::string_view authority = text.substr(0, text.find_first_of("/\\?#"));
    if (authority.empty()) return std::nullopt;
    url.host = without_default_port(authority, url.scheme);
    text.remove_prefix(authority.size());
    base_path = "/";
  }
  const std::string_view path = text.substr(0, text.find_first_of("?#"));
  url.rest = text.substr(path.size());
  if (path.empty())
    url.path = base_path;
  else if (is_slash(path.front()))
    url.path = without_dot_segments(path);
  else
    url.path = without_dot_segments(
        std::string(base_path.substr(0, base_path.rfind('/') + 1)).append(path));
  return url;
}

std::string host_of(std::string_view origin) {
  const auto url = resolve_url(origin, "/");
  return url ? url->host : "";
}

}  // namespace actiond
