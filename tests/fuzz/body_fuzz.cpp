// libFuzzer: a body in one of the three notations, which the first byte picks; of multipart/form-data
// the first line is the boundary.  It is refused, or read into fields within the limits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/body.h"
#include "core/encoding.h"
#include "fuzz/demand.h"

using namespace actiond;

namespace {

std::variant<FieldValues, Problem> parse(std::uint8_t notation, std::string_view text) {
  if (notation % 3 == 0) return parse_urlencoded(text);
  if (notation % 3 == 1) return parse_json(text);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string type = "multipart/form-data; boundary=" + std::string(text.substr(0, line));
  return parse_multipart(text.substr(std::min(line + 1, text.size())), type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto parsed = parse(data[0], text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    fuzz::demand(problem->status == 400 || problem->status == 413 || problem->status == 415,
                 "refused with another status");
    fuzz::demand(!problem->detail.empty(), "refused without a reason");
    return 0;
  }
  const auto& values = std::get<FieldValues>(parsed);
  fuzz::demand(values.size() <= max_fields, "more fields than the limit");
  for (const FieldValue& value : values) {
    fuzz::demand(value.name.size() <= max_name_bytes, "a name beyond the limit");
    fuzz::demand(count_characters(value.name) && count_characters(value.value), "not UTF-8");
    fuzz::demand(!has_control_character(value.value), "a control character");
  }
  return 0;
}
