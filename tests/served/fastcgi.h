// FastCGI records, well made or not.  https://fastcgi-archives.github.io/FastCGI_Specification.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "served/client.h"

namespace actiond::http::fastcgi {

enum Type : unsigned char { begin = 1, abort = 2, end = 3, parameters = 4, input = 5, output = 6 };

// A record whose header says `length`, whatever the content is.
inline std::string record_saying(unsigned char type, std::size_t length, std::string_view content,
                                 unsigned char version = 1) {
  std::string bytes{static_cast<char>(version),     static_cast<char>(type),          0, 1,
                    static_cast<char>(length >> 8), static_cast<char>(length & 0xFF), 0, 0};
  return bytes.append(content);
}

inline std::string record(unsigned char type, std::string_view content) {
  return record_saying(type, content.size(), content);
}

// A responder's start; with `keep` the connection serves more requests.
inline std::string begin_request(bool keep = false) {
  return record(begin, std::string{0, 1, static_cast<char>(keep), 0, 0, 0, 0, 0});
}

// From 128 on in four bytes, the highest bit set.
inline std::string length_bytes(std::size_t size) {
  if (size < 128) return {static_cast<char>(size)};
  return {static_cast<char>(size >> 24 | 0x80), static_cast<char>(size >> 16),
          static_cast<char>(size >> 8), static_cast<char>(size)};
}

inline std::string pair(std::string_view name, std::string_view value) {
  return length_bytes(name.size()) + length_bytes(value.size()) + std::string(name).append(value);
}

inline std::string comment_parameters(std::size_t content_length) {
  return pair("REQUEST_METHOD", "POST") + pair("DOCUMENT_URI", "/actions/comments") +
         pair("REQUEST_ID", "test") +
         pair("HTTP_CONTENT_TYPE", "application/x-www-form-urlencoded") +
         pair("HTTP_ACCEPT", "text/plain") + pair("CONTENT_LENGTH", std::to_string(content_length));
}

// All of a request up to its body, which is still to be sent and ended by record(input, "").
inline std::string comment_head(std::size_t content_length) {
  return begin_request() + record(parameters, comment_parameters(content_length)) +
         record(parameters, "");
}

inline std::string answer(std::string_view text) {
  return record(output, text) + record(output, "") + record(end, std::string(8, '\0'));
}

// Reads one request to the end of its body and returns its parameters.
inline std::multimap<std::string, std::string> receive_parameters(const Socket& from) {
  std::string pairs;
  for (bool more = true; more;) {
    const std::string header = from.receive(8);
    if (header.size() < 8) break;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
    const std::string content = from.receive(byte(4) * 256U + byte(5));
    from.receive(byte(6));
    if (byte(1) == parameters) pairs += content;
    more = byte(1) != input || !content.empty();
  }
  std::multimap<std::string, std::string> found;
  std::size_t at = 0;
  const auto length = [&] {
    const auto byte = [&] {
      return static_cast<std::size_t>(static_cast<unsigned char>(pairs.at(at++)));
    };
    const std::size_t first = byte();
    if (first < 128) return first;
    const std::size_t high = (first & 0x7F) << 24 | byte() << 16;
    const std::size_t low = byte() << 8;
    return high | low | byte();
  };
  while (at < pairs.size()) {
    const std::size_t name = length();
    const std::size_t value = length();
    found.emplace(pairs.substr(at, name), pairs.substr(at + name, value));
    at += name + value;
  }
  return found;
}

}  // namespace actiond::http::fastcgi
