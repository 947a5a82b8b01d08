// The contract of every answer under /actions/, from the pool or from nginx.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {

inline void check_promises(const RunningSite& site, const Answer& answer) {
  const std::string id = answer.header("X-Request-Id");
  CHECK(answer.header("Cache-Control") == "no-store");
  CHECK(answer.header("Vary") == "Accept, Cookie");
  CHECK(answer.header("Content-Security-Policy").starts_with("default-src 'none'"));
  CHECK_FALSE(id.empty());
  if (id.empty()) return;
  // nginx logs a request when it has let go of its connection.
  const bool id_is_logged = eventually([&] {
    const std::string logs = site.log() + read_file(site.folder() / "log/access.log");
    return logs.find(id) != logs.npos;
  });
  CHECK(id_is_logged);
  CHECK(answer.header("Retry-After").empty() == (answer.status != 503 && answer.status != 429));
  CHECK(answer.header("Allow").empty() == (answer.status != 405));
  if (answer.status < 400) return;

  const std::string type = answer.header("Content-Type");
  if (!type.starts_with("application/problem+json")) {
    CHECK((answer.holds(id) || answer.status == 422 || answer.status == 429));
    return;
  }
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  REQUIRE(problem.is_object());
  CHECK(problem.value("type", "") == "about:blank");
  CHECK(problem.value("status", 0) == answer.status);
  CHECK(problem.value("requestId", "") == id);
  CHECK_FALSE(problem.value("title", "").empty());
  CHECK_FALSE(problem.value("detail", "").empty());
  CHECK(problem.contains("errors") == (answer.status == 422));
}

}  // namespace actiond::http
