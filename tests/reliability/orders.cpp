#include "reliability/orders.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "served/client.h"
#include "served/fastcgi.h"

namespace actiond::reliability {
namespace {

namespace fastcgi = http::fastcgi;

// All that comes back for a form sent to an action as a script of this site sends it.
std::string post(const RunningSite& site, const std::string& action, const http::Fields& fields,
                 const http::Headers& parameters) {
  const std::string body = http::urlencoded(fields);
  std::string pairs;
  const auto add = [&pairs](std::string_view name, std::string_view value) {
    pairs += fastcgi::pair(name, value);
  };
  add("REQUEST_METHOD", "POST");
  add("DOCUMENT_URI", "/actions/" + action);
  add("HTTP_ACCEPT", "application/json");
  add("HTTP_SEC_FETCH_SITE", "same-origin");
  add("HTTP_CONTENT_TYPE", "application/x-www-form-urlencoded");
  add("CONTENT_LENGTH", std::to_string(body.size()));
  for (const auto& [name, value] : parameters) add(name, value);
  try {
    const http::Socket socket = http::Socket::to_pool(site);
    socket.send(fastcgi::begin_request() + fastcgi::record(fastcgi::parameters, pairs) +
                fastcgi::record(fastcgi::parameters, "") + fastcgi::record(fastcgi::input, body) +
                fastcgi::record(fastcgi::input, ""));
    return socket.receive_all();
  } catch (const std::runtime_error&) {
    return {};  // nobody listens just now
  }
}

}  // namespace

std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t at = text.find(before);
  if (at == text.npos) return {};
  const std::size_t start = at + before.size();
  return text.substr(start, text.find(after, start) - start);
}

Buyer::Buyer(const RunningSite& site, const std::vector<std::string>& under) : site_(site) {
  const std::string answer =
      post(site, "sign-up",
           {{"email", "ada@example.com"}, {"password", http::Client::password}, {"name", "Ada"}},
           {{"REQUEST_ID", "sign-up"}});
  cookie_ = between(answer, "Set-Cookie: ", ";");
  if (cookie_.empty()) throw std::runtime_error("no account: " + answer);
  command(site, {"grant", "ada@example.com"}, under);
}

int Buyer::order(const std::string& topic) const {
  const std::string answer =
      post(site_, "order", {{"topic", topic}},
           {{"REQUEST_ID", topic}, {"HTTP_IDEMPOTENCY_KEY", topic}, {"HTTP_COOKIE", cookie_}});
  const std::string status = between(answer, "Status: ", " ");
  if (status.empty()) return 0;
  if (between(answer, "X-Request-Id: ", "\r") != topic)
    throw std::runtime_error("somebody else's answer: " + answer);
  return std::stoi(status);
}

int Buyer::try_to_sign_in(const std::string& name) const {
  const std::string answer =
      post(site_, "sign-in",
           {{"email", name + "@example.com"}, {"password", http::Client::password}}, {});
  const std::string status = between(answer, "Status: ", " ");
  return status.empty() ? 0 : std::stoi(status);
}

void command(const RunningSite& site, const std::vector<std::string>& arguments,
             const std::vector<std::string>& under) {
  std::vector<std::string> line = under;
  line.insert(line.end(), {http::actiond_program(), "--config", site.settings()});
  line.insert(line.end(), arguments.begin(), arguments.end());
  const http::Outcome outcome = http::run(line);
  if (outcome.exit_code != 0) throw std::runtime_error(arguments.front() + ": " + outcome.output);
}

std::vector<std::string> query(const std::filesystem::path& database, const std::string& sql) {
  sqlite3* opened = nullptr;
  int code = sqlite3_open_v2(database.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(opened, sqlite3_close);
  // Reading leaves the log as it is.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(opened, 10'000);
  std::vector<std::string> column;
  const auto collect = [](void* into, int, char** values, char**) {
    static_cast<std::vector<std::string>*>(into)->emplace_back(values[0] ? values[0] : "");
    return 0;
  };
  if (code == SQLITE_OK) code = sqlite3_exec(opened, sql.c_str(), collect, &column, nullptr);
  if (code != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errmsg(opened));
  return column;
}

std::string wrong_with(const std::filesystem::path& database, const Topics& acknowledged) try {
  const std::vector<std::string> integrity = query(database, "PRAGMA integrity_check");
  if (integrity != std::vector<std::string>{"ok"}) return "damaged: " + integrity.front();
  const char* const tables =
      "SELECT name FROM sqlite_schema WHERE name = 'reviews'";  // the site's come last
  if (query(database, tables).empty()) return acknowledged.empty() ? "" : "no tables";
  const std::vector<std::string> topics = query(database, "SELECT topic FROM reviews ORDER BY 1");
  if (const auto twice = std::adjacent_find(topics.begin(), topics.end()); twice != topics.end())
    return "twice: " + *twice;
  std::vector<std::string> missing;
  std::set_difference(acknowledged.begin(), acknowledged.end(), topics.begin(), topics.end(),
                      std::back_inserter(missing));
  if (!missing.empty())
    return std::to_string(missing.size()) + " acknowledged and missing: " + missing.front();
  // The answer that an order's submission keeps names its review.
  const char* const reviews = "SELECT CAST(id AS TEXT) FROM reviews";
  const char* const answers = "SELECT json_extract(result, '$.data.review') FROM submissions";
  for (const auto& [some, others] : {std::pair{reviews, answers}, {answers, reviews}}) {
    const auto half = query(database, std::string(some) + " EXCEPT " + others);
    if (!half.empty()) return "half: review " + half.front();
  }
  return {};
} catch (const std::runtime_error& error) {
  return error.what();
}

}  // namespace actiond::reliability
