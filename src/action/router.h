// Where a request goes: to an action by its exact name, to what is built in, or nowhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "action/catalogue.h"
#include "http/problem.h"
#include "http/request.h"

namespace actiond {

struct Route {
  enum class To { BuiltIn, Show, Run, StaticPage, Gate, Upload };

  // Behind /actions/, of a request that found something; of a static page its path; of a gate what
  // it asks for; of an upload its name.
  std::optional<std::string_view> name = {};
  const Action* action = nullptr;  // null: built in
  To to = To::BuiltIn;
  std::optional<Problem> refusal = {};  // 400, 403, 404 or 405; then `to` means nothing
};

class Router {
 public:
  // `catalogue` must outlive this.  `origins` are those of this site, as browsers write them.
  Router(const Catalogue& catalogue, std::vector<std::string> origins)
      : catalogue_(catalogue), origins_(std::move(origins)) {}

  // Decided by path, method and headers alone.  `name` points into `request`.
  Route find(const Request& request) const;
  // The action that the path names; null: none.
  const Action* action(const Request& request) const;

 private:
  const Catalogue& catalogue_;
  std::vector<std::string> origins_;
};

// GET and HEAD, which change nothing.
bool is_reading(const Request& request);

}  // namespace actiond
