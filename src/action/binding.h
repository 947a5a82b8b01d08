// Binds the functions of a declaration that fits to their proof, form and query, as an Action.  For
// action/declare.h alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "action/action.h"
#include "action/declaration.h"
#include "action/spam.h"

namespace actiond::declaration {

// Reads the fields and binds the handler to them.
template <class... Proof, class Input, class Run>
Action::Read reading(const Form<Input>& form, const Run& run) {
  return [form, run](const Gate& gate, const FieldValues& values, Reader&) {
    return gate.enter<Proof...>([&](const Proof&...) -> Action::Entered {
      auto input = form.read(values);
      if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
      return Call(
          [run, input = std::get<Input>(std::move(input))](const Gate& now, Transaction& tx) {
            return now.enter<Proof...>(
                [&](const Proof&... proof) -> Result { return run(proof..., input, tx); });
          });
    });
  };
}

// The same, with `check` in between.
template <class... Proof, class Input, class Run, class Function>
Action::Read reading_and_checking(const Form<Input>& form, const Run& run, const Function& check) {
  return [form, check, run](const Gate& gate, const FieldValues& values, Reader& db) {
    return gate.enter<Proof...>([&](const Proof&... proof) -> Action::Entered {
      auto input = form.read(values);
      if (auto* errors = std::get_if<FieldErrors>(&input)) return std::move(*errors);
      auto outcome = check(proof..., std::get<Input>(input), db);
      if (auto* errors = std::get_if<FieldErrors>(&outcome)) return std::move(*errors);
      return Call([run, input = std::get<Input>(std::move(input)),
                   checked = std::get<0>(std::move(outcome))](const Gate& now, Transaction& tx) {
        return now.enter<Proof...>(
            [&](const Proof&... again) -> Result { return run(again..., input, checked, tx); });
      });
    });
  };
}

// Reads the query and calls `show` with the proof and what was asked; `to_shown` makes its answer
// what an Action shows.
template <class... Proof, class Query, class Function, class ToShown>
Action::Show showing(const Asked<Query>& asked, const Function& show, const ToShown& to_shown) {
  return [asked, show, to_shown](const Gate& gate, const FieldValues& values, Reader& db) {
    return gate.enter<Proof...>([&](const Proof&... proof) -> Opened {
      if constexpr (std::is_same_v<Query, NoQuery>) {
        return to_shown(show(proof..., db));
      } else {
        auto query = asked.read(values);
        if (auto* errors = std::get_if<FieldErrors>(&query)) return std::move(*errors);
        return to_shown(show(proof..., std::get<Query>(query), db));
      }
    });
  };
}

inline Opened to_shown(Content content) { return Loaded{std::nullopt, std::move(content)}; }
inline Opened to_shown(NotFound) { return NotFound{}; }
inline Opened to_shown(Download download) { return download; }
inline Opened to_shown(Leave leave) { return leave; }
template <class Input>
Opened to_shown(const Form<Input>& form, const Input& input) {
  return Loaded{form.write(input), {}};
}
template <class Input>
Opened to_shown(const Form<Input>& form, Filled<Input> filled) {
  Loaded loaded{std::nullopt, std::move(filled.content)};
  if (filled.input) loaded.values = form.write(*filled.input);
  return loaded;
}
template <class Input>
Opened to_shown(const Form<Input>& form, const std::optional<Own<Input>>& own) {
  if (!own) return NotFound{};
  return to_shown(form, **own);
}
template <class Input>
Opened to_shown(const Form<Input>&, NotFound) {
  return NotFound{};
}
template <class Input, class... Kinds>
Opened to_shown(const Form<Input>& form, std::variant<Kinds...> answer) {
  return std::visit([&form](auto& kind) { return to_shown(form, std::move(kind)); }, answer);
}

template <class Input>
auto member_account(const Form<Input>& form, std::string Input::*account) {
  return [form, account](const FieldValues& values,
                         const std::optional<Identity>&) -> std::optional<std::string> {
    const auto input = form.read(values);
    if (std::holds_alternative<FieldErrors>(input)) return std::nullopt;
    return std::get<Input>(input).*account;
  };
}

template <class... Proof, class Input, class Run, class Function>
void add(Action& action, const Form<Input>& form, const Run& run, const Before<Function>& before) {
  action.read = reading_and_checking<Proof...>(form, run, before.check);
  action.read_takes_long = true;
}
template <class... Proof, class Input, class Run, class Loader, class Query>
void add(Action& action, const Form<Input>& form, const Run&, const Load<Loader, Query>& facet) {
  action.query = facet.asked.describe();
  action.show = showing<Proof...>(
      facet.asked, facet.load, [form](auto answer) { return to_shown(form, std::move(answer)); });
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitByAccount<Input>& limit) {
  action.guess_limit = GuessLimit{member_account(form, limit.account), GuessLimit::Of::Account};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitByNetwork<Input>& limit) {
  action.guess_limit = GuessLimit{member_account(form, limit.account), GuessLimit::Of::Network};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitMails<Input>& limit) {
  action.guess_limit = GuessLimit{member_account(form, limit.account), GuessLimit::Of::Mails};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, const LimitCodes<Input>& limit) {
  const auto code = [member = member_account(form, limit.code)](
                        const FieldValues& values, const std::optional<Identity>& visitor) {
    auto typed = member(values, visitor);
    return typed && typed->empty() ? std::nullopt : typed;
  };
  action.guess_limit = GuessLimit{code, GuessLimit::Of::Codes};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>& form, const Run&, LimitByOwnAccount) {
  const auto account = [form](
                           const FieldValues& values,
                           const std::optional<Identity>& visitor) -> std::optional<std::string> {
    if (!visitor || std::holds_alternative<FieldErrors>(form.read(values))) return std::nullopt;
    return visitor->email;
  };
  action.guess_limit = GuessLimit{account, GuessLimit::Of::Account};
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, Audited audited) {
  action.audited = audited.yes;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, Repeatable) {
  action.is_repeatable = true;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, Isolation isolation) {
  action.isolation = isolation;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, SpamTrap trap) {
  require_trap(action.name, action.form, trap.field);
  action.spam_trap = trap.field;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, const Inbox& inbox) {
  require_life(action.name, inbox);
  action.inbox = inbox;
  action.is_searched = inbox.is_searched;
}
template <class... Proof, class Input, class Run>
void add(Action& action, const Form<Input>&, const Run&, const Fills& fills) {
  action.fills = fills;
}

template <class... Proof, class Input, class Run, class... Facets>
Action make(const DeclaredName& name, const Form<Input>& form, const Run& run,
            const Facets&... facets) {
  Action action{std::string(name.text), guard_of<Proof...>, form.describe()};
  action.declared = name.place();
  if constexpr (count_of<Facet::Before, Facets...> == 0) action.read = reading<Proof...>(form, run);
  (add<Proof...>(action, form, run, facets), ...);
  return action;
}

inline void add(Action& view, const Fills& fills) { view.fills = fills; }
inline void add(Action& view, const Cached& cached) { view.cached_for = cached.time; }

template <class... Proof, class Query, class Function, class... Facets>
Action make_view(const DeclaredName& name, std::string_view page, const Asked<Query>& asked,
                 const Function& show, const Facets&... facets) {
  Action view{std::string(name.text), guard_of<Proof...>, {std::string(page), {}}};
  view.declared = name.place();
  view.query = asked.describe();
  view.show = showing<Proof...>(asked, show, [](Shown shown) {
    return std::visit([](auto& kind) { return to_shown(std::move(kind)); }, shown);
  });
  (add(view, facets), ...);
  return view;
}

}  // namespace actiond::declaration
