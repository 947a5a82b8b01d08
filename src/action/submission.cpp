#include "action/submission.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/crypto.h"

namespace actiond {
namespace {

using Json = nlohmann::ordered_json;

bool is_hexadecimal(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// An empty one names nothing.
std::optional<std::string_view> header_key(const Request& request) {
  const auto header = request.header("idempotency-key");
  return header && !header->empty() ? header : std::nullopt;
}

std::string_view sent_key(const FieldValues& values) {
  const auto field = std::ranges::find(values, once_field, &FieldValue::name);
  return field == values.end() ? std::string_view() : field->value;
}

std::string key_of(const Request& request, const FieldValues& values) {
  if (const auto header = header_key(request)) return std::string(*header);
  const std::string_view key = sent_key(values);
  // A page that nothing was filled into names no submission: all its visitors would share the key.
  return key == once_word ? "" : std::string(key);
}

// Each part with its length, so that no two lists of parts read the same.
void append(std::string& message, std::string_view part) {
  message.append(std::to_string(part.size())).append(":").append(part);
}

// Keyed, since the content may hold a password: a stolen database must not help to guess it.
SubmissionName name_by(const Key& key, std::string id, const std::string& content,
                       bool by_content) {
  const std::string fingerprint = hmac_sha256(key.secret, "submission.content." + content);
  if (by_content) append(id, fingerprint);
  return {hmac_sha256(key.secret, "submission.id." + id), fingerprint};
}

}  // namespace

SentFrom sent_from(const FieldValues& values) {
  std::string_view key = sent_key(values);
  key = key.substr(0, key.find('/'));
  const bool is_of_user = key.ends_with(user_mark);
  if (is_of_user) key.remove_suffix(1);
  if (key.size() != 32 || !std::ranges::all_of(key, is_hexadecimal)) return SentFrom::NoPage;
  return is_of_user ? SentFrom::PageOfUser : SentFrom::Page;
}

std::string_view address_sent_from(const FieldValues& values) {
  const std::string_view key = sent_key(values);
  return key.substr(std::min(key.find('/'), key.size()));
}

std::variant<std::optional<Submission>, Problem> recognise(
    const Request& request, const FieldValues& values, std::string_view action,
    std::optional<std::int64_t> user_id, const KeyRing& keys,
    const std::function<bool(const FieldValue&)>& is_left_out) {
  const std::string key = key_of(request, values);
  if (key.empty()) return std::nullopt;
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > max_once_bytes || !printable)
    return Problem{400, {"answer.key", {{"max", std::to_string(max_once_bytes)}}}};
  std::string sender;
  append(sender, action);
  append(sender, user_id ? std::to_string(*user_id) : "");
  append(sender, key);
  // Programs may send the same fields in another order; only of one name does the order say
  // something.
  std::vector<const FieldValue*> ordered;
  for (const FieldValue& value : values)
    if (value.name != once_field && !is_left_out(value)) ordered.push_back(&value);
  std::ranges::stable_sort(ordered, {}, &FieldValue::name);
  std::string content;
  for (const FieldValue* value : ordered) {
    append(content, value->name);
    append(content, value->value);
    if (!value->file) continue;
    append(content, value->file->name);
    append(content, value->file->digest);
  }
  // A page that was gone back to and edited sends the same key, and is another submission.
  const bool by_content = !header_key(request);
  const Key& signing = keys.signing();
  Submission submission{name_by(signing, sender, content, by_content), user_id.has_value()};
  for (const Key& key : keys.keys())
    if (key.id != signing.id)
      submission.others.push_back(name_by(key, sender, content, by_content));
  return submission;
}

std::optional<AnsweredBefore> find_earlier(const Submissions& submissions, Reader& db,
                                           const Submission& submission, Time now) {
  const auto find = [&](const SubmissionName& name) -> std::optional<AnsweredBefore> {
    auto earlier = submissions.find(db, name.id, now);
    if (!earlier) return std::nullopt;
    const bool says_the_same = earlier->fingerprint == name.fingerprint;
    return AnsweredBefore{*std::move(earlier), says_the_same};
  };
  if (auto found = find(submission)) return found;
  for (const SubmissionName& name : submission.others)
    if (auto found = find(name)) return found;
  return std::nullopt;
}

std::string to_text(const Result& result) {
  if (const auto* redirect = std::get_if<Redirect>(&result))
    return Json{{"redirect", redirect->to}, {"note", redirect->note}}.dump();
  if (const auto* data = std::get_if<Data>(&result)) return Json{{"data", data->values}}.dump();
  if (const auto* start = std::get_if<StartSession>(&result))
    return Json{{"startSession", start->user_id}, {"to", start->to}}.dump();
  if (const auto* leave = std::get_if<Leave>(&result))
    return Json{{"leave", leave->address}}.dump();
  return Json{{"endSession", std::get<EndSession>(result).to}}.dump();
}

Result result_from_text(std::string_view text) {
  const Json json = Json::parse(text);
  if (json.contains("redirect")) return Redirect{json["redirect"], json.value("note", "")};
  if (json.contains("data")) return Data{json["data"]};
  if (json.contains("startSession")) return StartSession{json["startSession"], json["to"]};
  if (json.contains("leave")) return Leave{json["leave"]};
  return EndSession{json.at("endSession")};
}

}  // namespace actiond
