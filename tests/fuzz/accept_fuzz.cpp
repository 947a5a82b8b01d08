// libFuzzer: the header `Accept`.
//
// Covers: http/accept.cpp

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "fuzz/demand.h"
#include "http/accept.h"

using namespace actiond;

namespace {

bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string with_spaces(std::string_view accept) {
  std::string text;
  for (const char c : accept) {
    if (c == ',' || c == ';')
      text.append(" \t").append(1, c).append(" ");
    else
      text += c;
  }
  return text;
}

std::string in_upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string accept(fuzz::to_text(data, size));
  const Media media = preferred_media(accept);
  const std::string lower = to_lower(accept);
  const bool wild = holds(lower, "*/*") || holds(lower, "text/*");
  if (media == Media::Html) fuzz::demand(wild || holds(lower, "text/html"), "HTML unasked for");
  if (media == Media::Text) fuzz::demand(wild || holds(lower, "text/plain"), "text unasked for");

  fuzz::demand(preferred_media(in_upper_case(accept)) == media, "case matters");
  fuzz::demand(preferred_media(with_spaces(accept)) == media, "spaces matter");
  fuzz::demand(preferred_media("image/png;q=1, text/htm, */html," + accept) == media,
               "what we do not have matters");
  // Nothing is preferred to what is named first with the highest weight, and nothing revives what
  // is named with none.
  fuzz::demand(preferred_media("text/plain," + accept) == Media::Text, "text was named first");
  fuzz::demand(preferred_media("text/html;q=1.000," + accept) == Media::Html,
               "HTML was named first");
  fuzz::demand(preferred_media("application/json," + accept) == Media::Json,
               "JSON was named first");
  fuzz::demand(preferred_media("text/plain;q=0," + accept) != Media::Text, "text was refused");
  fuzz::demand(preferred_media("text/html; q=0.0," + accept) != Media::Html, "HTML was refused");
  return 0;
}
