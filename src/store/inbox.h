// Rows of the inbox: the messages that forms without code were sent, and what looks like spam.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.h"
#include "data/store.h"
#include "store/notice.h"

namespace actiond {

enum class MessageState { New, Read, Archived, Spam, Trash };

constexpr auto names(MessageState) {
  return std::to_array<Named<MessageState>>({{"new", MessageState::New},
                                             {"read", MessageState::Read},
                                             {"archived", MessageState::Archived},
                                             {"spam", MessageState::Spam},
                                             {"trash", MessageState::Trash}});
}

// A message that lies in the trash for longer is deleted, and so is one that is held for longer.
constexpr std::chrono::days trash_kept_for(30);
constexpr std::chrono::days held_for(90);
// The oldest go when more are held.
constexpr int most_held = 10'000;

// How long the messages of a form are kept.
struct FormLife {
  std::string form;
  std::chrono::days kept_for;
};

// A field of a message; a list has any number of values, every other field one.
struct MessageField {
  std::string name;
  std::vector<std::string> values;
  bool is_list = false;
  // Of a file, whose value is the name that its sender gave it: the one that it is kept under, and
  // its media type.
  std::string kept = {}, type = {};

  // A list's with commas between.
  std::string text() const;
};

// As the column `fields` of a row has them.
std::vector<MessageField> fields_of_column(std::string_view column);

// Returns the number of the message.  A search finds it once it is in the index
// (store/inbox_index.h), unless its form does not want that.
std::int64_t put_into_inbox(Transaction& tx, std::string_view form,
                            const std::vector<MessageField>& fields,
                            std::optional<std::int64_t> user_id, Time now, bool is_searched = true);
// As spam that did not run.
std::int64_t hold_in_inbox(Transaction& tx, std::string_view action,
                           const std::vector<MessageField>& fields,
                           std::optional<std::int64_t> user_id, Time now, bool is_searched);

struct InboxMessage {
  std::int64_t id;
  std::string form;
  MessageState state;
  Time made_at;
  std::vector<MessageField> fields;
  std::optional<std::string> sender;  // the address of the account that was signed in
  bool is_held;                       // it looks like spam, and its action did not run
};

// The number of the last message; 0: there is none.
std::int64_t newest_message(Reader& db);
// Of those in a state, of one form or, when that is empty, of all.
std::int64_t newest_message(Reader& db, MessageState state, std::string_view form);
std::optional<InboxMessage> find_message(Reader& db, std::int64_t id);

// Those in a state, of one form or, when that is empty, of all; the oldest first, those behind the
// row `after`.
std::vector<InboxMessage> messages(Reader& db, MessageState state, std::string_view form,
                                   std::int64_t after = 0, int most = 1000);

// Those that are held and not in the trash; as `messages`.
std::vector<InboxMessage> held(Reader& db, std::int64_t after = 0, int most = 1000);

// These answer false when there is no message of that number.  One that is held goes to the spam or
// the trash alone.  The files of one that is deleted are discarded.
bool move_message(Transaction& tx, std::int64_t id, MessageState to, Time now);
bool delete_message(Transaction& tx, std::int64_t id);
// The message of a form without code is held no longer, but new, with these fields.
void accept_held(Transaction& tx, std::int64_t id, const std::vector<MessageField>& fields,
                 Time now);

// Deletes some of the messages that are kept no longer, and answers how many; those that are left
// go the next time.
int remove_old_messages(Transaction& tx, const std::vector<FormLife>& lives, Time now);

// How the owner is told of a message that comes now; later is at the end of a minute from now.
// Notes that it was done.
constexpr std::chrono::minutes between_notices(1);
Notice begin_notice(Transaction& tx, std::string_view form, Time now);

}  // namespace actiond
