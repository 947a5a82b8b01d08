#include "action/once.h"

namespace actiond {

std::optional<Answered> Once::find(const std::optional<Submission>& submission, const Gate& gate,
                                   Reader& db) const {
  if (!submission) return std::nullopt;
  const auto found = find_earlier(submissions_, db, *submission, clock_());
  if (!found) return std::nullopt;
  const std::optional<SessionId>& started = found->earlier.session;
  const auto session = started ? sessions_.find(db, *started, clock_()) : std::nullopt;
  // A sign-in is not repeated once its session was ended: by a sign-out, another password, the
  // operator.
  if (started && !session) return std::nullopt;
  if (!found->says_the_same)
    return Answered{Problem{409, "This Idempotency-Key was used before, with other fields."}};
  const Result result = result_from_text(found->earlier.result);
  // A visitor who is signed in again signs out again.
  if (std::holds_alternative<EndSession>(result) && gate.identity()) return std::nullopt;
  return Answered{result, session};
}

void Once::keep(const std::optional<Submission>& submission, const Result& result,
                const std::optional<SessionId>& session, Transaction& tx) const {
  if (submission) submissions_.keep(tx, *submission, to_text(result), session, clock_());
}

}  // namespace actiond
