// Rows of the inbox: the messages that forms without code were sent.
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

namespace actiond {

enum class MessageState { New, Read, Archived, Spam, Trash };

constexpr auto names(MessageState) {
  return std::to_array<Named<MessageState>>({{"new", MessageState::New},
                                             {"read", MessageState::Read},
                                             {"archived", MessageState::Archived},
                                             {"spam", MessageState::Spam},
                                             {"trash", MessageState::Trash}});
}

// A message that lies in the trash for longer is deleted, when another one comes or is moved.
constexpr std::chrono::days trash_kept_for(30);

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

// Returns the number of the message.
std::int64_t put_into_inbox(Transaction& tx, std::string_view form,
                            const std::vector<MessageField>& fields,
                            std::optional<std::int64_t> user_id, Time now);

struct InboxMessage {
  std::int64_t id;
  std::string form;
  MessageState state;
  Time made_at;
  std::vector<MessageField> fields;
  std::optional<std::string> sender;  // the address of the account that was signed in
};

// The number of the last message; 0: there is none.
std::int64_t newest_message(Reader& db);
std::optional<InboxMessage> find_message(Reader& db, std::int64_t id);

// Those in a state, of one form or, when that is empty, of all; the oldest first, those behind the
// row `after`.
std::vector<InboxMessage> messages(Reader& db, MessageState state, std::string_view form,
                                   std::int64_t after = 0, int most = 1000);

// These answer false when there is no message of that number.  The files of one that is deleted are
// discarded.
bool move_message(Transaction& tx, std::int64_t id, MessageState to, Time now);
bool delete_message(Transaction& tx, std::int64_t id);

// How the owner is told of a message that comes now: at once; at the end of a minute in which
// others are waited for; not, since the mail that waits for that end tells of it.  Notes that it
// was done.
enum class Notice { Now, AfterAMinute, None };
constexpr std::chrono::minutes between_notices(1);
Notice begin_notice(Transaction& tx, std::string_view form, Time now);

}  // namespace actiond
