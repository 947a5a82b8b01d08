#include "store/inbox.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <tuple>

#include "base/encoding.h"

namespace actiond {
namespace {

std::string fields_to_column(const std::vector<MessageField>& fields) {
  std::string json = "{";
  for (const MessageField& field : fields) {
    if (!field.is_list && field.kept.empty()) {
      if (!field.values.empty()) append_member(json, field.name, field.values.front());
      continue;
    }
    append_json(json, field.name);
    json += field.is_list ? ":[" : ":{";
    if (field.is_list) {
      for (const std::string& value : field.values) {
        append_json(json, value);
        json += ',';
      }
    } else {
      append_member(json, "name", field.text());
      append_member(json, "type", field.type);
      append_member(json, "kept", field.kept);
    }
    end_members(json, field.is_list ? ']' : '}');
    json += ',';
  }
  end_members(json, '}');
  return json;
}

void remove(Transaction& tx, std::int64_t id, std::string_view column) {
  for (const MessageField& field : fields_of_column(column))
    if (!field.kept.empty()) tx.discard(field.kept);
  // In this order: the words are found in the message.
  tx.add("DELETE FROM inbox_words WHERE rowid = ?", id);
  tx.add("DELETE FROM inbox WHERE id = ?", id);
}

// Those that `sql` selects, by their number and fields.
template <class... Arguments>
int remove_some(Transaction& tx, std::string_view sql, const Arguments&... arguments) {
  const auto found = tx.rows<std::int64_t, std::string>(sql, arguments...);
  for (const auto& [id, fields] : found) remove(tx, id, fields);
  return static_cast<int>(found.size());
}

std::string words_of(const std::vector<MessageField>& fields) {
  std::size_t bytes = 0;
  for (const MessageField& field : fields)
    for (const std::string& value : field.values) bytes += value.size() + 1;
  std::string words;
  words.reserve(bytes);
  for (const MessageField& field : fields)
    for (const std::string& value : field.values) words.append(value).append("\n");
  return words;
}

constexpr std::string_view select_messages =
    "SELECT inbox.id, form, state, made, fields, email, is_held "
    "FROM inbox LEFT JOIN users ON users.id = user_id WHERE ";

std::vector<InboxMessage> select_where(Reader& db, std::string_view condition,
                                       const auto&... values) {
  std::vector<InboxMessage> found;
  for (const auto& [id, form, state, made, fields, sender, is_held] :
       db.rows<std::int64_t, std::string, MessageState, Time, std::string,
               std::optional<std::string>, bool>(std::string(select_messages).append(condition),
                                                 values...))
    found.push_back({id, form, state, made, fields_of_column(fields), sender, is_held});
  return found;
}

bool has_message(Transaction& tx, std::int64_t id) {
  return tx.row<std::int64_t>("SELECT id FROM inbox WHERE id = ?", id).has_value();
}

struct NewRow {
  std::string_view form;
  MessageState state;
  const std::vector<MessageField>& fields;
  std::optional<std::int64_t> user_id;
  bool is_searched, is_held;
};

std::int64_t insert(Transaction& tx, const NewRow& row, Time now) {
  return tx.run(
      "INSERT INTO inbox (form, state, made, moved, fields, words, user_id, is_searched, is_held) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.form, row.state, now, now, fields_to_column(row.fields), words_of(row.fields),
      row.user_id, row.is_searched, row.is_held);
}

}  // namespace

std::vector<MessageField> fields_of_column(std::string_view column) {
  std::vector<MessageField> fields;
  const auto json = nlohmann::ordered_json::parse(column);
  for (const auto& [name, value] : json.items())
    if (value.is_object())
      fields.push_back(
          {name, {value["name"].get<std::string>()}, false, value["kept"], value["type"]});
    else if (value.is_array())
      fields.push_back({name, value.get<std::vector<std::string>>(), true});
    else
      fields.push_back({name, {value.get<std::string>()}});
  return fields;
}

std::string MessageField::text() const { return fmt::format("{}", fmt::join(values, ", ")); }

std::int64_t put_into_inbox(Transaction& tx, std::string_view form,
                            const std::vector<MessageField>& fields,
                            std::optional<std::int64_t> user_id, Time now, bool is_searched) {
  return insert(tx, {form, MessageState::New, fields, user_id, is_searched, false}, now);
}

std::int64_t hold_in_inbox(Transaction& tx, std::string_view action,
                           const std::vector<MessageField>& fields,
                           std::optional<std::int64_t> user_id, Time now, bool is_searched) {
  return insert(tx, {action, MessageState::Spam, fields, user_id, is_searched, true}, now);
}

std::int64_t newest_message(Reader& db) {
  return std::get<0>(*db.row<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM inbox"));
}

std::int64_t newest_message(Reader& db, MessageState state, std::string_view form) {
  const auto newest =
      form.empty()
          ? db.row<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM inbox WHERE state = ?", state)
          : db.row<std::int64_t>(
                "SELECT COALESCE(MAX(id), 0) FROM inbox WHERE form = ? AND state = ?", form, state);
  return std::get<0>(*newest);
}

std::optional<InboxMessage> find_message(Reader& db, std::int64_t id) {
  auto found = select_where(db, "inbox.id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<InboxMessage> messages(Reader& db, MessageState state, std::string_view form,
                                   std::int64_t after, int most) {
  if (form.empty())
    return select_where(db, "state = ? AND inbox.id > ? ORDER BY inbox.id LIMIT ?", state, after,
                        most);
  return select_where(db, "form = ? AND state = ? AND inbox.id > ? ORDER BY inbox.id LIMIT ?", form,
                      state, after, most);
}

std::vector<InboxMessage> held(Reader& db, std::int64_t after, int most) {
  return select_where(db, "is_held = 1 AND state = ? AND inbox.id > ? ORDER BY inbox.id LIMIT ?",
                      MessageState::Spam, after, most);
}

bool move_message(Transaction& tx, std::int64_t id, MessageState to, Time now) {
  if (!has_message(tx, id)) return false;
  // One that is there already stays as old there as it is.
  tx.run("UPDATE inbox SET state = ?, moved = ? WHERE id = ? AND state <> ?", to, now, id, to);
  return true;
}

bool delete_message(Transaction& tx, std::int64_t id) {
  const auto row = tx.row<std::string>("SELECT fields FROM inbox WHERE id = ?", id);
  if (!row) return false;
  remove(tx, id, std::get<0>(*row));
  return true;
}

void accept_held(Transaction& tx, std::int64_t id, const std::vector<MessageField>& fields,
                 Time now) {
  // `words` stay as they are indexed.
  tx.run("UPDATE inbox SET is_held = 0, state = ?, moved = ?, fields = ? WHERE id = ?",
         MessageState::New, now, fields_to_column(fields), id);
}

int remove_old_messages(Transaction& tx, const std::vector<FormLife>& lives, Time now) {
  constexpr int step = 100;  // messages, each with its words and files
  int removed =
      remove_some(tx,
                  "SELECT id, fields FROM inbox WHERE state || '' = 'trash' AND moved <= ? "
                  "ORDER BY moved LIMIT ?",
                  Time(now - trash_kept_for), step);
  // Their numbers are in the order of time.
  removed += remove_some(tx,
                         "SELECT id, fields FROM inbox WHERE is_held = 1 AND made <= ? AND id IN "
                         "(SELECT id FROM inbox WHERE is_held = 1 ORDER BY id LIMIT ?)",
                         Time(now - held_for), step);
  removed +=
      remove_some(tx,
                  "SELECT id, fields FROM inbox WHERE is_held = 1 AND id <= (SELECT id FROM inbox "
                  "WHERE is_held = 1 ORDER BY id DESC LIMIT 1 OFFSET ?) ORDER BY id LIMIT ?",
                  most_held, step);
  for (const auto& [form, kept_for] : lives)
    for (const auto& [name, state] : names(MessageState()))
      removed +=
          remove_some(tx,
                      "SELECT id, fields FROM inbox WHERE made <= ? AND id IN "
                      "(SELECT id FROM inbox WHERE form = ? AND state = ? ORDER BY id LIMIT ?)",
                      Time(now - kept_for), form, state, step);
  return removed;
}

Notice begin_notice(Transaction& tx, std::string_view form, Time now) {
  const auto row = tx.row<Time>("SELECT at FROM inbox_notices WHERE form = ?", form);
  const auto last = row ? std::optional(std::get<0>(*row)) : std::nullopt;
  const Notice notice = notice_after(last, now, between_notices);
  if (notice != Notice::None)
    tx.run(
        "INSERT INTO inbox_notices (form, at) VALUES (?, ?) "
        "ON CONFLICT (form) DO UPDATE SET at = excluded.at",
        form, notice == Notice::Now ? now : now + between_notices);
  return notice;
}

}  // namespace actiond
