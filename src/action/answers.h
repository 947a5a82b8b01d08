// Answers: outcomes and pages, in the form that the client asked for.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "action/admission.h"
#include "action/page_answers.h"
#include "action/query.h"
#include "action/turn.h"
#include "page/page.h"

namespace actiond {

// Whether a request that reads asks for a list as CSV: by Accept, or by `_format` in a link.
bool asks_for_export(const Request& request, const Action& action);

class Answers {
 public:
  // All but `pages` must outlive this.
  Answers(Store& store, const Admission& admission, const KeyRing& keys, const FormPlaces& places,
          PageAnswers pages)
      : store_(store), admission_(admission), keys_(keys), places_(places),
        pages_(std::move(pages)) {}

  // The page of an action or view as its loader fills it.  Refuses visitors that it is not for.
  Response show(Visit& visit, const Action& action, Reader& db) const;
  // A static page to which a note of ours is carried.  404, and nginx serves it, where there is no
  // such note, or no such page that can be filled.
  Response show_static(Visit& visit, std::string_view name, Reader& db) const;
  // `turn` has an outcome.
  Response give(const Turn& turn) const;

 private:
  Response show_data(Visit& visit, const Action& action, const Data& data) const;
  // A browser gets its page back as it was sent, with messages, or, where the action has none of
  // its own or the visitor may not see it, a plain one with its form.
  Response send_back(const Turn& turn, const Problem& problem, const FieldErrors& errors,
                     const Link* link = nullptr) const;
  Response ask_again(const Turn& turn) const;
  Response show_as_asked(Visit& visit, const Action& action, const Gate& gate,
                         const Query& query) const;
  Response show_page(Visit& visit, const Action& action, const Gate& gate, const Query& query,
                     Loaded loaded) const;
  // Nothing when there is no list.
  std::optional<Response> export_list(Visit& visit, const Action& action,
                                      const Content& content) const;
  // One snapshot of the data.  A listing is opened at its page, unless it is for an export.
  enum class For { Page, Export };
  Opened load(const Gate& gate, const Action& action, const FieldValues& query, For use) const;
  // The page around a form that was sent; nothing where the loader finds nothing.
  struct Around {
    Content content = {};
    // Of another action, to which the page belongs: the values of its own form.
    std::string_view own_action = {};
    std::optional<FieldValues> own_values = {};
  };
  Around load_around(const Gate& gate, const Visit& visit, const Action& action,
                     const FieldValues& sent) const;
  static Filling filled(const Around& around, Filling filling);

  Store& store_;
  const Admission& admission_;
  const KeyRing& keys_;
  const FormPlaces& places_;
  const PageAnswers pages_;
};

}  // namespace actiond
