// Intake: all that happens to a POST before its transaction, and so holds up no writer.
#pragma once

#include "action/admission.h"
#include "action/once.h"
#include "action/spam.h"
#include "action/tries.h"
#include "action/turn.h"
#include "data/file.h"

namespace actiond {

class Intake {
 public:
  // The first five must outlive this.
  Intake(const Admission& admission, const FormPlaces& places, const Tries& tries, const Once& once,
         const HeldSubmissions& held, NewFileBytes new_file_bytes, WallClock clock)
      : admission_(admission), places_(places), tries_(tries), once_(once), held_(held),
        new_file_bytes_(std::move(new_file_bytes)), clock_(std::move(clock)) {}

  // Asks the Gate, reads the body, counts a try, does slow work and checks the fields.  Afterwards
  // `turn` waits for its transaction, unless it has an outcome already.
  void take(Turn& turn, Reader& db) const;

 private:
  // Each answers the outcome that ends the turn here, or nothing.
  std::optional<Outcome> decide(Turn& turn, Reader& db) const;
  std::optional<Outcome> read_body(Turn& turn) const;
  std::optional<Outcome> read_event(Turn& turn) const;
  std::optional<Outcome> read_form(Turn& turn) const;
  void read_typed(Turn& turn) const;
  void note_page(Turn& turn) const;
  std::optional<Outcome> read_input(Turn& turn, const Gate& gate, Reader& db) const;
  void hold_spam(Turn& turn) const;

  const Admission& admission_;
  const FormPlaces& places_;
  const Tries& tries_;
  const Once& once_;
  const HeldSubmissions& held_;
  const NewFileBytes new_file_bytes_;
  const WallClock clock_;
};

}  // namespace actiond
