#include "action/spam.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "action/submission.h"

namespace actiond {
namespace {

using Json = nlohmann::json;

constexpr std::string_view shown_field = "_shown";

bool is_filled(const FieldValues& values, std::string_view field) {
  return std::any_of(values.begin(), values.end(), [field](const FieldValue& value) {
    return value.name == field && !value.value.empty();
  });
}

bool comes_at_once(const FieldValues& values) {
  const auto shown = std::find_if(values.begin(), values.end(), [](const FieldValue& value) {
    return value.name == shown_field;
  });
  return shown != values.end() &&
         is_too_quick(shown->value, std::chrono::system_clock::now().time_since_epoch());
}

// The fields of `form` alone: anyone can send others, and what is held is kept for good.
std::string to_json(const FieldValues& values, const FormDescription& form) {
  Json all = Json::array();
  for (const FieldValue& value : values)
    if (find_field(form, value.name) != nullptr)
      all.push_back(Json::array({value.name, value.value}));
  return all.dump();
}

void require_holdable(const Action& action) {
  const bool is_safe = std::all_of(
      action.form.fields.begin(), action.form.fields.end(), [](const FieldDescription& field) {
        return field.kind != Kind::File && field.rules.format != Format::Password;
      });
  if (action.level() != Level::Public || !is_safe)
    throw std::logic_error("the action " + action.name +
                           " cannot hold spam: it is not public, or takes a password or a file");
}

}  // namespace

bool is_too_quick(std::string_view shown, std::chrono::duration<double> now) {
  constexpr std::chrono::duration<double> least(2);
  if (shown.empty()) return false;
  double seconds = 0;
  const char* const end = shown.data() + shown.size();
  const auto read = std::from_chars(shown.data(), end, seconds);
  if (read.ec != std::errc() || read.ptr != end) return true;
  return !(now - std::chrono::duration<double>(seconds) >= least);
}

Action hold_spam(Action action, std::string_view trap) {
  require_holdable(action);
  using Call = Steps<>::Call;
  auto& read = std::get<Steps<>>(action.steps).read;
  read = [read, name = action.name, form = action.form, trap = std::string(trap)](
             const FieldValues& values, Reader& db) -> std::variant<Call, FieldErrors> {
    auto call = read(values, db);
    const bool looks_like_spam = is_filled(values, trap) || comes_at_once(values);
    if (std::holds_alternative<FieldErrors>(call) || !looks_like_spam) return call;
    return Call([name, fields = to_json(values, form)](Transaction& tx) -> Result {
      tx.run("INSERT INTO held (action, fields) VALUES (?, ?)", name, fields);
      return Data{
          {{"held", "Thank you. Somebody will look at it first, since it looks like spam."}}};
    });
  };
  return action;
}

}  // namespace actiond
