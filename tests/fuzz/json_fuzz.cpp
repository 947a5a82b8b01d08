// libFuzzer: a JSON body, next to what nlohmann makes of it as a whole document.
//
// Covers: forms/json_body.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forms/limits.h"
#include "fuzz/body.h"

using namespace actiond;

namespace {

using Json = nlohmann::ordered_json;

struct Expected {
  std::string name;
  Json value;
};

// Reads a document, and whether an object or an array is where a flat object has none: of a name
// that is there twice, only the last value can be read off the document.
Json parse_noting_nested(std::string_view body, bool& nested) {
  const auto note = [&nested](int depth, Json::parse_event_t event, Json&) {
    nested = nested || (event == Json::parse_event_t::object_start && depth > 0) ||
             (event == Json::parse_event_t::array_start && depth > 1);
    return true;
  };
  return Json::parse(body, note, false);
}

// The fields of a flat object; nothing when it is no flat object.
std::optional<std::vector<Expected>> expected_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  std::vector<Expected> fields;
  const auto add = [&fields](const std::string& name, const Json& value) {
    if (!value.is_null() && value != false) fields.push_back({name, value});
  };
  for (const auto& [name, value] : json.items()) {
    if (value.is_object()) return std::nullopt;
    if (!value.is_array()) {
      add(name, value);
      continue;
    }
    for (const Json& element : value) {
      if (element.is_structured()) return std::nullopt;
      add(name, element);
    }
  }
  return fields;
}

// Whether what can be held of fields that no form declares is more than all of these.
bool all_are_held(const std::vector<Expected>& fields, std::string_view body) {
  std::size_t bytes = body.size();  // no value is longer than as it was written
  for (const Expected& field : fields) bytes += field.name.size();
  return bytes <= max_undeclared_bytes;
}

bool says(const FieldValue& field, const Expected& expected) {
  if (field.name != expected.name) return false;
  if (expected.value.is_string()) return field.value == expected.value;
  // As it was written, for a number beyond what the document can hold.
  if (expected.value.is_number_float()) return Json::parse(field.value) == expected.value;
  return field.value == expected.value.dump();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fuzz::to_text(data, size);
  const fuzz::Parsed parsed = parse_json(body);
  fuzz::demand_fields_or_problem(parsed);
  bool nested = false;
  const Json json = parse_noting_nested(body, nested);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    if (problem->detail.name == "body.json_malformed")
      fuzz::demand(json.is_discarded() || body.find('\0') != body.npos, "malformed to us alone");
    if (problem->detail.name == "body.json_nested")
      fuzz::demand(json.is_discarded() || nested, "nested to us alone");
    if (problem->detail.name == "body.json_no_object")
      fuzz::demand(!json.is_object(), "no object to us alone");
    return 0;
  }
  fuzz::demand(!json.is_discarded(), "malformed to all but us");
  const auto expected = expected_of(json);
  fuzz::demand(expected.has_value(), "not flat");
  const auto& fields = std::get<FieldValues>(parsed);
  auto next = expected->begin();
  for (const FieldValue& field : fields) {
    next = std::find_if(next, expected->end(),
                        [&field](const Expected& sent) { return says(field, sent); });
    fuzz::demand(next != expected->end(), "other fields than were sent");
    ++next;
  }
  if (all_are_held(*expected, body))
    fuzz::demand(fields.size() == expected->size(), "fewer fields than were sent");
  return 0;
}
