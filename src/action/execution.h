// Execution: a turn in its transaction.  All of it commits, or nothing was written.
#pragma once

#include <optional>

#include "action/admission.h"
#include "action/audit.h"
#include "action/once.h"
#include "action/sent.h"
#include "action/session_change.h"
#include "action/turn.h"

namespace actiond {

class Execution {
 public:
  // All but `clock` must outlive this.
  Execution(const Admission& admission, const Tries& tries, const Once& once,
            const SessionChange& session_change, const Audit& audit, const SentMessages& sent,
            WallClock clock)
      : admission_(admission), tries_(tries), once_(once), session_change_(session_change),
        audit_(audit), sent_(sent), clock_(std::move(clock)) {}

  // Asks the Gate again, calls the handler, and writes the rows of its result; or gives an earlier
  // answer again.  Sets the outcome of `turn`.  Throws what the handler throws, and Unavailable
  // when nobody waits for the answer any longer.
  Verdict run(Turn& turn, Transaction& tx) const;

 private:
  struct Price {
    std::optional<Attempt> post = {};  // that it is counted as
    std::optional<TryLater> too_early = {};
  };
  Price take_turn(const Turn& turn, Transaction& tx) const;
  Verdict call(Turn& turn, const Gate& gate, const Price& price, Transaction& tx) const;
  void put_into_inbox(const Turn& turn, const Gate& gate, Transaction& tx) const;
  void give_again(Turn& turn, const Answered& answered, Transaction& tx) const;

  const Admission& admission_;
  const Tries& tries_;
  const Once& once_;
  const SessionChange& session_change_;
  const Audit& audit_;
  const SentMessages& sent_;
  const WallClock clock_;
};

}  // namespace actiond
