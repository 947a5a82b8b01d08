// Rows of earlier submissions in SQLite.
#pragma once

#include "action/submission.h"

namespace actiond {

class SubmissionRows final : public Submissions {
 public:
  std::optional<Earlier> find(Reader& db, std::string_view id, Time now) const override;
  // Also sweeps away a few that are too old.
  void keep(Transaction& tx, const Submission& submission, std::string_view result,
            const std::optional<SessionId>& session, Time now) const override;
};

}  // namespace actiond
