#include "inbox/inbox_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "action/declare.h"
#include "inbox/notice.h"
#include "store/inbox.h"
#include "store/inbox_index.h"

namespace actiond {
namespace {

using std::chrono::sys_days;

struct Search {
  std::optional<MessageState> state;
  std::string form, words;
  std::optional<Date> since, until;  // the first and the last day, in UTC
  // The last message that was there when the first page was opened: those that come meanwhile move
  // nothing to another page.
  std::optional<std::int64_t> upto;
  std::int64_t page = 1;
};

const Asked<Search> search{{{"state", &Search::state},
                            {"form", &Search::form, {.max = most_name_bytes}},
                            {"q", &Search::words, {.max = 80}},
                            {"since", &Search::since},
                            {"until", &Search::until},
                            {"upto", &Search::upto, {.min = 0}},
                            {"page", &Search::page, {.min = 1}}}};

using Messages = ListOf<std::int64_t, std::string, std::string, Time, std::optional<std::string>,
                        std::string, std::string, std::string>;

// Each of the lists has its own index: of all forms or of one, and of one state; or of words, which
// the index of the search finds in the order of the list.
std::string statement(std::string_view tables, std::string_view table, std::string_view number,
                      std::string_view condition) {
  return fmt::format(
      "SELECT {0}.{1}, form, state, made, email, substr(inbox.words, 1, 160), inbox.words, fields "
      "FROM {2} LEFT JOIN users ON users.id = user_id "
      "WHERE {3} AND state = ?2 AND {0}.{1} <= ?3 AND made >= ?4 AND made < ?5",
      table, number, tables, condition);
}
const std::string of_all_forms = statement("inbox", "inbox", "id", "?1 = ''"),
                  of_one_form = statement("inbox", "inbox", "id", "form = ?1"),
                  of_words = statement("inbox_words CROSS JOIN inbox", "inbox_words", "rowid",
                                       "inbox.id = inbox_words.rowid AND inbox_words MATCH ?6 "
                                       "AND (?1 = '' OR form = ?1)");

Messages found_by(std::string_view sql) {
  return {{.name = "messages",
           .columns = {"id", "form", "state", "made", "account", "start", "text", "fields"},
           .sql = sql,
           .order_by = {"id"},
           .descending = true,
           .page_rows = 50}};
}
const Messages all_messages = found_by(of_all_forms), messages_of_form = found_by(of_one_form),
               messages_with_words = found_by(of_words);

// Of the messages of one form each field has a column of its own.
MoreColumns columns_of(std::vector<std::string> fields) {
  auto cells = [fields](const ListRow& row) {
    std::vector<std::string> found(fields.size());
    for (const MessageField& field : fields_of_column(*row.find("fields")))
      if (const auto at = std::ranges::find(fields, field.name); at != fields.end())
        found[static_cast<std::size_t>(at - fields.begin())] = field.text();
    return found;
  };
  return {std::move(fields), std::move(cells)};
}

Shown show_inbox(const Receivers& receivers, const Search& asked, Reader& db) {
  const MessageState state = asked.state.value_or(MessageState::New);
  const std::int64_t upto = asked.upto ? *asked.upto : newest_message(db);
  const Time since = asked.since ? Time(sys_days(*asked.since)) : Time::min();
  const Time until =
      asked.until ? Time(sys_days(*asked.until) + std::chrono::days(1)) : Time::max();
  List choices;
  for (const std::string& form : receivers.names()) choices.push_back({{"form", form}});
  const auto found = [&] {
    if (!asked.words.empty()) {
      // Of newer ones with the words each would be looked at, in vain.
      const std::int64_t last = std::min(upto, newest_message(db, state, asked.form));
      return messages_with_words.page(asked.page, asked.form, name_of(state), last, since, until,
                                      matching(asked.words));
    }
    const Messages& listed = asked.form.empty() ? all_messages : messages_of_form;
    return listed.page(asked.page, asked.form, name_of(state), upto, since, until);
  };
  const std::int64_t unsearched = asked.words.empty() ? 0 : count_unindexed(db);
  return Content{.values = {{"state", std::string(name_of(state))},
                            {"unsearched", unsearched > 0 ? std::to_string(unsearched) : ""},
                            {"in-trash", state == MessageState::Trash ? "1" : ""},
                            {"in-spam", state == MessageState::Spam ? "1" : ""}},
                 .lists = {{"forms", std::move(choices)}},
                 .listing = found(),
                 .asked_on = {{"upto", std::to_string(upto)}},
                 .more_columns = columns_of(receivers.fields_of(asked.form))};
}

// A search finds what was committed before it, unless that is very much.
void prepare_search(Store& store, const FieldValues& query) try {
  constexpr int most_steps = 5;
  const auto asks = [](const FieldValue& value) {
    return value.name == "q" && !value.value.empty();
  };
  if (std::ranges::any_of(query, asks)) index_messages(store, most_steps);
} catch (const Unavailable&) {
  // The page says how many it does not find.
}

Shown show_message(const With<Owner>&, const ById& asked, Reader& db) {
  const auto message = find_message(db, asked.id);
  if (!message) return NotFound{};
  List fields;
  for (const MessageField& field : message->fields)
    fields.push_back({{"message", std::to_string(message->id)},
                      {"name", field.name},
                      {"value", field.text()},
                      {"file", field.kept.empty() ? "" : "1"}});
  const auto field_address = address_in(message->fields);
  const std::string reply = field_address ? field_address->text() : message->sender.value_or("");
  return Content{.values = {{"id", std::to_string(message->id)},
                            {"form", message->form},
                            {"state", std::string(name_of(message->state))},
                            {"in-trash", message->state == MessageState::Trash ? "1" : ""},
                            {"in-spam", message->state == MessageState::Spam ? "1" : ""},
                            {"made", to_rfc3339(message->made_at)},
                            {"account", message->sender.value_or("")},
                            {"reply", reply}},
                 .lists = {{"fields", std::move(fields)}}};
}

struct FileOf {
  std::int64_t message = 0;
  std::string field;
};

const Asked<FileOf> file_of{{{"message", &FileOf::message, {.required = true, .min = 1}},
                             {"field", &FileOf::field, {.required = true, .max = 256}}}};

Shown show_file(const With<Owner>&, const FileOf& asked, Reader& db) {
  const auto message = find_message(db, asked.message);
  if (!message) return NotFound{};
  for (const MessageField& field : message->fields)
    if (field.name == asked.field && !field.kept.empty())
      return Download{field.kept, field.text(), field.type};
  return NotFound{};
}

struct Sorting {
  std::vector<std::string> messages;  // their numbers
  std::string to;                     // a state, or "deleted": for good
  std::optional<MessageState> from;   // the list to go back to
};

const Form<Sorting> sorting{
    "",
    {{"message", &Sorting::messages},
     {"to",
      &Sorting::to,
      {.required = true, .one_of = {"new", "read", "archived", "spam", "trash", "deleted"}}},
     {"from", &Sorting::from}}};

Result sort_messages(const Receivers& receivers, const With<Owner>& owner, const Sorting& input,
                     Transaction& tx) {
  const auto state = from_name<MessageState>(input.to);
  bool sorted = false;
  for (const std::string& number : input.messages) {
    std::int64_t id = 0;
    const char* end = number.data() + number.size();
    if (std::from_chars(number.data(), end, id).ptr != end)
      return sorting.error(&Sorting::messages, "inbox.no_such_message");
    // One that is gone already is sorted as well.
    if (!state) {
      sorted |= delete_message(tx, id);
      continue;
    }
    const auto moved = receivers.move(tx, id, *state, owner.asked_at());
    if (moved.refusal) return sorting.error(&Sorting::messages, "inbox.not_released");
    sorted |= moved.is_there;
  }
  return Redirect{
      fmt::format("/actions/inbox?state={}", name_of(input.from.value_or(MessageState::New))),
      sorted ? "inbox.sorted" : "inbox.none_chosen"};
}

}  // namespace

std::vector<Action> inbox_actions(const Receivers& receivers) {
  const auto show = [receivers](const With<Owner>&, const Search& asked, Reader& db) {
    return show_inbox(receivers, asked, db);
  };
  const auto sort = [receivers](const With<Owner>& owner, const Sorting& input, Transaction& tx) {
    return sort_messages(receivers, owner, input, tx);
  };
  Action inbox =
      permitted_view<Owner>("inbox", inbox_page, search, show,
                            Fills{.outputs = {"state", "unsearched", "in-trash", "in-spam"},
                                  .lists = {all_messages.columns(), {"forms", {"form"}}}});
  inbox.prepare = prepare_search;
  return {std::move(inbox),
          permitted_view<Owner>("inbox-message", inbox_message_page, by_id, show_message,
                                Fills{.outputs = {"id", "form", "state", "in-trash", "in-spam",
                                                  "made", "account", "reply"},
                                      .lists = {{"fields", {"message", "name", "value", "file"}}}}),
          permitted_view<Owner>("inbox-file", "", file_of, show_file),
          permitted_action<Owner>("inbox-sort", sorting, sort)};
}

}  // namespace actiond
