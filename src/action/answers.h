// Answers: outcomes and pages, in the form that the client asked for.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "action/admission.h"
#include "action/turn.h"
#include "page/page.h"

namespace actiond {

// A page below the static root; throws when there is none.
using FindPage = std::function<std::shared_ptr<const Page>(std::string_view name)>;

class Answers {
 public:
  // `store` and `admission` must outlive this.
  Answers(Store& store, const Admission& admission, FindPage find_page, WallClock clock)
      : store_(store), admission_(admission), find_page_(std::move(find_page)),
        clock_(std::move(clock)) {}

  // The action's page as its loader fills it.  Refuses visitors that the action is not for.
  Response show(Visit& visit, const Action& action) const;
  // `turn` has an outcome.
  Response give(const Turn& turn) const;

 private:
  Response show_data(Visit& visit, const Action& action, const Data& data) const;
  // A browser gets its page back as it was sent, with messages.
  Response send_back(const Turn& turn, const Problem& problem, const FieldErrors& errors,
                     const Link* link = nullptr) const;
  Response ask_again(const Turn& turn) const;
  Loaded load(const Gate& gate, const Action& action) const;
  // The action's page; its key is the id of the request that it answers.
  Response page(const Visit& visit, const Gate& gate, const Action& action, int status,
                Filling filling) const;

  Store& store_;
  const Admission& admission_;
  const FindPage find_page_;
  const WallClock clock_;
};

}  // namespace actiond
