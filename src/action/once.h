// Once: the answer that a submission got before, kept and found with the rows of submission.h.
#pragma once

#include <optional>
#include <variant>

#include "access/access.h"
#include "action/submission.h"
#include "action/turn.h"

namespace actiond {

// The earlier answer to a submission, or the problem that its key was used for other fields.
struct Answered {
  Outcome outcome;
  std::optional<Identity> session = {};  // that it started, and that lives

  bool changed_session() const {
    const auto* result = std::get_if<Result>(&outcome);
    return result != nullptr && changes_session(*result);
  }
};

class Once {
 public:
  // All but `clock` must outlive this.
  Once(const Submissions& submissions, const Sessions& sessions, const KeyRing& keys,
       WallClock clock)
      : submissions_(submissions), sessions_(sessions), keys_(keys), clock_(std::move(clock)) {}

  // As `actiond::recognise`, with the keys of this site.  Nothing for an action that is repeatable.
  std::variant<std::optional<Submission>, Problem> recognise(
      const Request& request, const FieldValues& values, const Action& action,
      std::optional<std::int64_t> user_id) const;

  // Nothing for a submission that is new, or has to be new: see the source.
  std::optional<Answered> find(const std::optional<Submission>& submission, const Gate& gate,
                               Reader& db) const;
  // `session` is the one that `result` started.
  void keep(const std::optional<Submission>& submission, const Result& result,
            const std::optional<SessionId>& session, Transaction& tx) const;

 private:
  const Submissions& submissions_;
  const Sessions& sessions_;
  const KeyRing& keys_;
  const WallClock clock_;
};

}  // namespace actiond
