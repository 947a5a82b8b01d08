#include "action/intake.h"

#include "action/webhook.h"
#include "forms/body.h"

namespace actiond {
namespace {

// Of a file that a visitor sent who may not.
class DroppedBytes : public FileBytes {
 public:
  void append(std::string_view) override {}
  std::size_t read(std::size_t, char*, std::size_t) const override { return 0; }
  void sync() override {}
};

bool takes_anything(const Request& request) { return request.list_header("accept") == "*/*"; }

}  // namespace

void Intake::take(Turn& turn, Reader& db) const {
  turn.outcome = decide(turn, db);
  if (turn.outcome) return;
  // Files are synced before the transaction, which would hold up other writers.
  for (const FieldValue& value : turn.values)
    if (value.file && value.file->bytes) value.file->bytes->sync();
}

std::optional<Outcome> Intake::decide(Turn& turn, Reader& db) const {
  Visit& visit = *turn.visit;
  const Action& action = turn.action;
  const Gate gate = admission_.gate_for(action.guard, db, visit);
  if (const auto refusal = gate.refusal(action.guard)) {
    if (*refusal == Refusal::NotSignedIn) read_typed(turn);
    return *refusal;
  }
  visit.request.enter(Phase::Body);
  if (auto wrong = read_body(turn)) return wrong;

  if (action.takes_long()) visit.request.enter(Phase::Work);
  if (action.read_takes_long) visit.require_time(clock_());
  if (const auto later = tries_.count(visit, action, turn.values, gate.identity()))
    return Result(*later);
  // At a public action a submission is of the page that sent it: signing out makes no new one of
  // it.
  const auto user_id =
      action.level() != Level::Public ? std::optional(gate.identity()->user_id) : std::nullopt;
  auto recognised = once_.recognise(visit.request, turn.values, action, user_id);
  if (auto* problem = std::get_if<Problem>(&recognised)) return std::move(*problem);
  turn.submission = std::get<std::optional<Submission>>(std::move(recognised));
  // A submission that was answered before is not checked again: its password may be another now.
  if (action.read_takes_long && once_.find(turn.submission, gate, db)) return std::nullopt;
  return read_input(turn, gate, db);
}

// The session ended while somebody typed: the text goes back into a page.
void Intake::read_typed(Turn& turn) const {
  Visit& visit = *turn.visit;
  const FormDescription& form = turn.action.form;
  if (form.fields.empty() || (visit.media != Media::Html && !takes_anything(visit.request))) return;
  visit.request.enter(Phase::Body);
  auto body = read_fields(visit.request, form, [] { return std::make_shared<DroppedBytes>(); });
  if (auto* values = std::get_if<FieldValues>(&body)) turn.values = std::move(*values);
  note_page(turn);
}

void Intake::note_page(Turn& turn) const {
  Visit& visit = *turn.visit;
  // Some browsers (Links) say of no type that they want it, and curl says the same: the key of a
  // page tells them apart.
  if (takes_anything(visit.request) && sent_from(turn.values) != SentFrom::NoPage)
    visit.media = Media::Html;
  if (auto place = places_.marked(turn.action, turn.values)) visit.place = *std::move(place);
}

std::optional<Outcome> Intake::read_body(Turn& turn) const {
  return turn.action.signing ? read_event(turn) : read_form(turn);
}

std::optional<Outcome> Intake::read_event(Turn& turn) const {
  auto body = read_signed(turn.visit->request, *turn.action.signing, clock_());
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  turn.values.push_back({.name = "", .value = std::get<std::string>(std::move(body))});
  return std::nullopt;
}

std::optional<Outcome> Intake::read_form(Turn& turn) const {
  const FormDescription& form = turn.action.form;
  auto body = read_fields(turn.visit->request, form, new_file_bytes_);
  if (auto* problem = std::get_if<Problem>(&body)) return std::move(*problem);
  turn.values = std::get<FieldValues>(std::move(body));
  note_page(turn);
  const auto name = repeated_field(turn.values, form);
  if (!name) return std::nullopt;
  return Problem{.status = 400,
                 .detail = {"answer.repeated_field", {{"field", *name}}},
                 .reason = "repeated field"};
}

std::optional<Outcome> Intake::read_input(Turn& turn, const Gate& gate, Reader& db) const {
  auto entered = turn.action.read(gate, turn.values, db);
  if (const auto* refusal = std::get_if<Refusal>(&entered)) return *refusal;
  auto& read = std::get<0>(entered);
  if (auto* errors = std::get_if<FieldErrors>(&read)) return Result(std::move(*errors));
  if (auto* data = std::get_if<Data>(&read)) return Result(std::move(*data));
  if (turn.action.signing)
    if (auto problem = malformed(turn.values.front().value)) return *std::move(problem);
  turn.call = std::get<Call>(std::move(read));
  hold_spam(turn);
  return std::nullopt;
}

void Intake::hold_spam(Turn& turn) const {
  const auto& trap = turn.action.spam_trap;
  // A form with files has a place for them: inbox/inbox_form.h.
  if (!trap || has_file_field(turn.action.form) || !looks_like_spam(turn.values, *trap, clock_()))
    return;
  turn.is_held = true;
  turn.call = [this, name = turn.action.name, is_searched = turn.action.is_searched,
               fields = declared_fields(turn.values, turn.action.form)](
                  const Gate& gate, Transaction& tx) -> std::variant<Result, Refusal> {
    const auto user_id = gate.identity() ? std::optional(gate.identity()->user_id) : std::nullopt;
    held_.hold(tx, {name, fields, user_id, is_searched}, clock_());
    Data told;
    told.values.emplace(held_output, held_message);
    return std::variant<Result, Refusal>(std::in_place_type<Result>, std::move(told));
  };
}

}  // namespace actiond
