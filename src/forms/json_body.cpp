// A flat JSON object, read by events: nothing nested is ever built.
#include <nlohmann/json.hpp>
#include <set>

#include "forms/body.h"
#include "forms/field_collector.h"

namespace actiond {
namespace {

using Json = nlohmann::json;

class FlatObject : public nlohmann::json_sax<Json> {
 public:
  explicit FlatObject(const FormDescription& form) : fields_(form) {}

  bool null() override { return depth_ > 0 || not_an_object(); }
  bool boolean(bool value) override {
    return value ? scalar("true") : depth_ > 0 || not_an_object();
  }
  bool number_integer(std::int64_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) override { return scalar(std::to_string(value)); }
  bool number_float(double, const std::string& as_written) override { return scalar(as_written); }
  bool string(std::string& value) override { return scalar(value); }
  bool binary(Json::binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (depth_ > 0) return nested();
    ++depth_;
    return true;
  }
  bool key(std::string& name) override {
    name_ = name;
    if (names_.insert(name).second) return true;
    return fields_.check_name(name) && fields_.fail(400, {"body.sent_twice", {{"field", name}}});
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return not_an_object();
    if (depth_ > 1) return nested();
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    return fields_.fail(400, {"body.json_malformed", {{"position", std::to_string(position)}}});
  }

  FieldCollector take() && { return std::move(fields_); }

 private:
  bool scalar(std::string_view value) {
    return depth_ > 0 ? fields_.add(name_, value) : not_an_object();
  }
  bool nested() { return fields_.fail(400, "body.json_nested"); }
  bool not_an_object() { return fields_.fail(400, "body.json_no_object"); }

  FieldCollector fields_;
  std::set<std::string> names_;
  std::string name_;
  int depth_ = 0;
};

constexpr std::size_t max_digits = 1000;

// The parser copies a number that it cannot hold several times over.
bool has_long_number(std::string_view body) {
  bool in_text = false;
  std::size_t digits = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (in_text && body[at] == '\\') {
      ++at;
      continue;
    }
    if (body[at] == '"') in_text = !in_text;
    digits = !in_text && body[at] >= '0' && body[at] <= '9' ? digits + 1 : 0;
    if (digits > max_digits) return true;
  }
  return false;
}

}  // namespace

std::variant<FieldValues, Problem> parse_json(std::string_view body, const FormDescription& form) {
  if (has_long_number(body))
    return Problem{400, {"body.json_number", {{"max", std::to_string(max_digits)}}}};
  // The parser takes it for the end, whatever stands behind it.
  if (const std::size_t nul = body.find('\0'); nul != body.npos)
    return Problem{400, {"body.json_malformed", {{"position", std::to_string(nul + 1)}}}};
  FlatObject object(form);
  Json::sax_parse(body.begin(), body.end(), &object);
  return std::move(object).take().take();
}

}  // namespace actiond
