#include "action/execution.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "http/local_path.h"

namespace actiond {
namespace {

// Before the commit: an answer that cannot be given must leave nothing written.
void require_destination(const Result& result, const Action& action) {
  const std::string* to = destination(result);
  if (to != nullptr && !is_local_path(*to))
    throw std::logic_error("an action redirects to \"" + *to + "\", not on this site");
  if (const auto* leave = std::get_if<Leave>(&result)) named(*leave, action);
}

Outcome enter(const Gate& gate, const Call& call, Transaction& tx) {
  if (!call) throw Unavailable("the answer that was there a moment ago is gone");
  return std::visit([](auto&& entered) -> Outcome { return std::move(entered); }, call(gate, tx));
}

}  // namespace

Verdict Execution::run(Turn& turn, Transaction& tx) const {
  Visit& visit = *turn.visit;
  const Price price = take_turn(turn, tx);
  visit.require_time(clock_());
  const Guard& guard = turn.action.guard;
  const Gate gate = admission_.gate_for(guard, tx, visit);
  const auto answered = once_.find(turn.submission, gate, tx);
  // The access ended after Intake asked.  If the same submission, sent twice at once, is what ended
  // the session, it gets that answer.
  if (const auto refusal = gate.refusal(guard);
      refusal && !(refusal == Refusal::NotSignedIn && answered && answered->changed_session())) {
    turn.outcome = *refusal;
    return Verdict::Undo;
  }
  if (!answered) return call(turn, gate, price, tx);
  give_again(turn, *answered, tx);
  return Verdict::Keep;
}

// One that has a price finds all counted that were taken before it.  A public one that does not run
// again when it met the same submission finds its answer, as others do while they hold the account.
Execution::Price Execution::take_turn(const Turn& turn, Transaction& tx) const {
  const Action& action = turn.action;
  Price price;
  if (action.has_price()) price.post = tries_.post(turn.visit->request);
  std::vector<std::string> names;
  if (price.post) names = Tries::turns_of(*price.post);
  const bool holds_account = action.level() != Level::Public;
  if (turn.submission && action.isolation == Isolation::ReadCommitted && !holds_account)
    names.push_back("submission." + to_base64url(turn.submission->id));
  if (names.empty()) return price;
  tx.in_turn(names, [&](Reader& db) {
    if (price.post) price.too_early = tries_.wait(db, *price.post);
  });
  return price;
}

Verdict Execution::call(Turn& turn, const Gate& gate, const Price& price, Transaction& tx) const {
  Visit& visit = *turn.visit;
  if (price.too_early) {
    turn.outcome = Result(*price.too_early);
    return Verdict::Undo;
  }
  if (price.post) tries_.count(tx, *price.post);
  turn.outcome = enter(gate, turn.call, tx);
  const auto* result = std::get_if<Result>(&*turn.outcome);
  if (result == nullptr || is_refusal(*result)) return Verdict::Undo;
  require_destination(*result, turn.action);
  if (turn.action.inbox && !turn.is_held) put_into_inbox(turn, gate, tx);
  const auto session = session_change_.apply(visit, *result, tx);
  once_.keep(turn.submission, *result, session, tx);
  if (turn.action.is_audited())
    audit_.record(tx, {clock_(), visit.request.id, turn.action.name, visit.record.user_id,
                       outcome_of(*result)});
  visit.require_time(clock_());
  return Verdict::Keep;
}

void Execution::put_into_inbox(const Turn& turn, const Gate& gate, Transaction& tx) const {
  const auto user_id = gate.identity() ? std::optional(gate.identity()->user_id) : std::nullopt;
  sent_.put(tx, {turn.action, turn.values, user_id}, clock_());
}

// The session that was started then is the visitor's again; there is no second effect.
void Execution::give_again(Turn& turn, const Answered& answered, Transaction& tx) const {
  turn.outcome = answered.outcome;
  turn.visit->replayed = std::holds_alternative<Result>(answered.outcome);
  if (answered.changed_session()) session_change_.resume(*turn.visit, answered.session, tx);
}

}  // namespace actiond
