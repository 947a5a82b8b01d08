// An answer to nginx.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond {

// The details of a request for its log line, besides the answer.
struct Record {
  std::string action;
  std::string_view declared;  // where that action is; lives as long as the site's actions
  std::string level;
  std::optional<std::int64_t> user_id;
  std::string reason;  // why it was refused or failed; may hold what no visitor sees
};

class Response {
 public:
  explicit Response(int status) : status_(status) { headers_.reserve(8); }

  // Every header passes here.  Throws std::invalid_argument for a CR, LF or NUL (response
  // splitting) and for X-Accel-*, which commands nginx.
  void set_header(std::string_view name, std::string_view value);
  // In place of the body nginx sends the file that is kept under `name`, from its location /-/kept/
  // (conf/nginx/site.conf).  Throws std::invalid_argument for what is no such name.
  void send_kept(std::string_view name);
  // The same, from /uploads/, for everybody.
  void send_upload(std::string_view name);

  // The name that one of these was given; nothing: the answer is the body.
  std::optional<std::string_view> file() const;

  int status() const { return status_; }
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }

  std::string body;
  // The rest of a long body, behind `body`: each call answers the next piece, and "" at its end.
  // Does not throw.
  std::function<std::string()> rest = nullptr;
  // Whether that end came before the end of the body; null: it cannot.
  std::function<bool()> has_ended_early = nullptr;
  // For browsers and caches on the way.
  std::string_view cache_control = "no-store";
  // So long nginx may give the same answer to other visitors; nothing: not at all.
  std::optional<std::chrono::seconds> cached_for = std::nullopt;
  Record record;

 private:
  void send_file(std::string_view folder, std::string_view name);

  int status_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

// Receives the one answer to a request, on any thread.
using Reply = std::function<void(Response)>;

// "Unprocessable Content" for 422, RFC 9110 section 15.
std::string_view reason_phrase(int status);

}  // namespace actiond
