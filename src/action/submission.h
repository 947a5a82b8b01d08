// Exactly once: a submission that comes again gets the answer that it got before, and has no second
// effect.  A page carries its key in the field `_once`, a script in the header `Idempotency-Key`
// (draft-ietf-httpapi-idempotency-key-header).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/key_ring.h"
#include "access/session.h"
#include "action/result.h"
#include "base/time.h"
#include "data/store.h"
#include "forms/field.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

// The name that one key of the ring gives.
struct SubmissionName {
  std::string id;           // 32 bytes: an HMAC of action, user and submission key
  std::string fingerprint;  // 32 bytes: an HMAC of the fields
};

// Named by the key that signs now; the other keys' names find what was kept before a rotation, or
// by a host whose clock is ahead.
struct Submission : SubmissionName {
  bool is_of_user = false;  // else anybody's who knows the key
  std::vector<SubmissionName> others = {};
};

constexpr std::string_view once_field = "_once";
constexpr std::string_view once_word = "{once}";  // its value in a page: page.h
constexpr std::size_t max_once_bytes = 255;

// The key in a page is a request's id, 32 hexadecimal digits.  In one that an action for users
// shows, `user_mark` stands behind it: whoever sends it was signed in.  Behind both may be the
// address of the page, a local path: form_places.h.
constexpr char user_mark = 's';
constexpr std::size_t max_mark_bytes = max_once_bytes - 33;
enum class SentFrom { NoPage, Page, PageOfUser };
SentFrom sent_from(const FieldValues& values);
std::string_view address_sent_from(const FieldValues& values);  // "": the key has none

// Nothing for a submission without a key; a problem for a key that is too long or not printable.
// Submissions that differ in fields that are left out are the same.
std::variant<std::optional<Submission>, Problem> recognise(
    const Request& request, const FieldValues& values, std::string_view action,
    std::optional<std::int64_t> user_id, const KeyRing& keys,
    const std::function<bool(const FieldValue&)>& is_left_out = [](const FieldValue&) {
      return false;
    });

// An action's result as it is stored, and back.
std::string to_text(const Result& result);
Result result_from_text(std::string_view text);

// The rows of earlier submissions.
class Submissions {
 public:
  struct Earlier {
    std::string fingerprint;
    std::string result;
    std::optional<SessionId> session;  // the one that the answer started
  };

  virtual ~Submissions() = default;

  // Nothing if there is none, or it is older than a day.
  virtual std::optional<Earlier> find(Reader& db, std::string_view id, Time now) const = 0;
  // Replaces an earlier one.
  virtual void keep(Transaction& tx, const Submission& submission, std::string_view result,
                    const std::optional<SessionId>& session, Time now) const = 0;
};

// The earlier answer to `submission`.
struct AnsweredBefore {
  Submissions::Earlier earlier;
  bool says_the_same;  // else a script used its key again, for other fields
};
std::optional<AnsweredBefore> find_earlier(const Submissions& submissions, Reader& db,
                                           const Submission& submission, Time now);

}  // namespace actiond
