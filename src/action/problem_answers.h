// A problem as the client sees it: for a browser the site's own page, else JSON or text.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/accept.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/response.h"
#include "http/words.h"
#include "page/page.h"

namespace actiond {

// A page below the static root; throws when there is none.
using FindPage = std::function<std::shared_ptr<const Page>(std::string_view name)>;

// The names of <output> that the page of a problem fills.
constexpr std::array<std::string_view, 3> problem_outputs{"detail", "request-id", "status"};

// Whether problems are shown there: 404.html and what lies in errors/, which nginx shows as well.
bool is_page_of_problem(std::string_view page);

class ProblemAnswers {
 public:
  ProblemAnswers(FindPage find_page, Languages languages, WallClock clock)
      : find_page_(std::move(find_page)), languages_(std::move(languages)),
        clock_(std::move(clock)) {}

  // A browser gets errors/STATUS.html (404.html), or the page of the status's class (400.html, RFC
  // 9110 section 15), or a plain one when the site has neither, which is said in `words_for` the
  // request, as JSON and text are.
  // `viewer` is who looks at it, as far as that is known; null: nobody.
  Response give(const Problem& problem, Media media, const Request& request,
                const Viewer* viewer = nullptr) const;

  const Languages& languages() const { return languages_; }
  // As the page says; "" when there is no such page.
  std::string language_of(std::string_view page) const;
  // Of an answer that is no page of the site's: the language that Accept-Language prefers, else
  // English.
  const Words& words_for(const Request& request) const;

 private:
  std::shared_ptr<const Page> page_of(int status) const;
  std::string fill(const Page& page, const Problem& problem, const Request& request,
                   const Viewer* viewer) const;

  const FindPage find_page_;
  const Languages languages_;
  const WallClock clock_;
};

}  // namespace actiond
