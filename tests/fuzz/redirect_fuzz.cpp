// libFuzzer: where somebody wants to be sent after signing in.  What is taken for a path here stays
// on this origin also by the rules that a browser reads it with (WHATWG URL 4.4).
//
// Covers: http/local_path.cpp

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "fuzz/demand.h"
#include "http/local_path.h"
#include "http/response.h"

using namespace actiond;

namespace {

bool is_slash(char c) { return c == '/' || c == '\\'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Leading and trailing C0 controls and spaces are dropped, and every tab and line break.
std::string as_browsers_see(std::string_view text) {
  const auto is_dropped_at_ends = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_dropped_at_ends(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_dropped_at_ends(text.back())) text.remove_suffix(1);
  std::string seen;
  for (const char c : text)
    if (c != '\t' && c != '\n' && c != '\r') seen += c;
  return seen;
}

bool has_scheme(std::string_view text) {
  if (text.empty() || !is_letter(text[0])) return false;
  for (const char c : text) {
    if (c == ':') return true;
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

bool names_another_host(std::string_view text) {
  return text.size() > 1 && is_slash(text[0]) && is_slash(text[1]);
}

// Each "%XX" made the byte that it stands for.
std::string decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = percent_byte(text.substr(at));
    bytes += byte < 0 ? text[at] : static_cast<char>(byte);
    if (byte >= 0) at += 2;
  }
  return bytes;
}

bool stays_here(std::string_view path) {
  const std::string seen = as_browsers_see(path);
  return seen == path && !has_scheme(seen) && !names_another_host(seen) && seen.starts_with('/') &&
         seen.find('\\') == seen.npos && !has_control_character(seen);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string path(fuzz::to_text(data, size));
  if (is_local_path(path)) {
    fuzz::demand(stays_here(path), "another site, or what a browser drops");
    const std::string once = decoded(path);
    fuzz::demand(!names_another_host(once) && once.find_first_of("\\\r\n\t") == once.npos,
                 "another site to who decodes it once more");
    Response(303).set_header("Location", path);
  }
  // The way back to a page of any name is kept.
  if (!has_control_character(path) && path.find_first_of("\\\t\r\n") == path.npos &&
      !path.starts_with('/'))
    fuzz::demand(is_local_path("/" + to_percent_encoded(path)), "a page of this site is refused");
  return 0;
}
