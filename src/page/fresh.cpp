#include "page/fresh.h"

namespace actiond {
namespace {

std::string_view value_of(const FreshControl& control, const Fresh& fresh, const SentValues& sent) {
  if (control.word == FreshWord::Once) return fresh.once;
  if (const std::string* value = sent.nth(control.tag.value("name"), 0)) return *value;
  return control.word == FreshWord::Shown ? fresh.shown : fresh.next;
}

}  // namespace

void fill_fresh(const std::vector<FreshControl>& controls, const Fresh& fresh,
                const SentValues& sent, Edits& edits) {
  for (const FreshControl& control : controls)
    edits.set(control.tag, "value", value_of(control, fresh, sent));
}

}  // namespace actiond
