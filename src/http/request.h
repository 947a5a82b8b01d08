// A request as nginx vouches for it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/progress.h"

namespace actiond {

struct Header {
  std::string name;  // lower case
  std::string value;
};

struct Request {
  std::string id;  // nginx's $request_id, for the log and the visitor
  std::string method;
  std::string path;        // decoded and normalised: the path that nginx itself matched
  std::string query = {};  // behind the '?', as it came
  bool https = false;
  std::string address = {};     // the sender's, as nginx saw it
  Time deadline = Time::max();  // after it nobody waits for the answer any longer
  std::vector<Header> headers;  // in the order sent, repeated ones repeated
  std::size_t content_length = 0;
  Progress* progress = nullptr;  // outlives the request; null: nobody wants to know

  // Reads up to `size` bytes of the body into `into`; 0 at its end.  The body is asked for only
  // once access is decided.
  std::function<std::size_t(char* into, std::size_t size)> read_body;

  // The first header of that name; a request that repeats one that matters is refused before.
  std::optional<std::string_view> header(std::string_view name) const {
    for (const Header& header : headers)
      if (header.name == name) return header.value;
    return std::nullopt;
  }

  // All lines of a header that is a list, as the one that they stand for: RFC 9110 section 5.3.
  std::string list_header(std::string_view name) const {
    std::string list;
    for (const Header& header : headers)
      if (header.name == name) list.append(list.empty() ? "" : ",").append(header.value);
    return list;
  }

  void enter(Phase phase) const {
    if (progress != nullptr) progress->enter(phase);
  }
  void rest() const {
    if (progress != nullptr) progress->rest();
  }
  void found(std::string_view action) const {
    if (progress != nullptr) progress->found(action);
  }
};

}  // namespace actiond
