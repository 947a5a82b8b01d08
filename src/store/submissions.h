// Rows of earlier submissions.
#pragma once

#include "action/submission.h"

namespace actiond {

constexpr std::chrono::hours submissions_kept_for(24);

class SubmissionRows final : public Submissions {
 public:
  std::optional<Earlier> find(Reader& db, std::string_view id, Time now) const override;
  void keep(Transaction& tx, const Submission& submission, std::string_view result,
            const std::optional<SessionId>& session, Time now) const override;
};

}  // namespace actiond
