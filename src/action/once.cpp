#include "action/once.h"

#include "action/visit.h"

namespace actiond {

std::variant<std::optional<Submission>, Problem> Once::recognise(
    const Request& request, const FieldValues& values, const Action& action,
    std::optional<std::int64_t> user_id) const {
  // At a public action the answer to somebody else's key must not tell whether a password is right.
  const auto is_left_out = [&](const FieldValue& value) {
    const FieldDescription* field = find_field(action.form, value.name);
    return !user_id && field != nullptr && field->rules.format == Format::Password;
  };
  auto recognised = actiond::recognise(request, values, action.name, user_id, keys_, is_left_out);
  if (action.is_repeatable && std::holds_alternative<std::optional<Submission>>(recognised))
    return std::nullopt;
  return recognised;
}

std::optional<Answered> Once::find(const std::optional<Submission>& submission, const Gate& gate,
                                   Reader& db) const {
  if (!submission) return std::nullopt;
  const auto found = find_earlier(submissions_, db, *submission, clock_());
  if (!found) return std::nullopt;
  const std::optional<SessionId>& started = found->earlier.session;
  // Knowing the key does not show that the session was given to this visitor.
  if (started && found->says_the_same && !submission->is_of_user)
    return Answered{Redirect{std::string(sign_in_page)}};
  const auto session = started ? sessions_.find(db, *started, clock_()) : std::nullopt;
  // A sign-in is not repeated once its session was ended: by a sign-out, another password, the
  // operator.
  if (started && !session) return std::nullopt;
  if (!found->says_the_same) return Answered{Problem{409, "answer.key_reused"}};
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
