#include "http/response.h"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::string_view kept_header = "X-Accel-Redirect";

}  // namespace

void Response::set_header(std::string_view name, std::string_view value) {
  const bool token = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-';
  });
  const bool splits = value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos;
  if (!token || splits || to_lower(name).starts_with("x-accel-"))
    throw std::invalid_argument("a response header that must not be sent");
  headers_.emplace_back(name, value);
}

void Response::send_kept(std::string_view name) { send_file("/-/kept/", name); }
void Response::send_upload(std::string_view name) { send_file("/uploads/", name); }

void Response::send_file(std::string_view folder, std::string_view name) {
  const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
  if (!is_name || name.starts_with('.')) throw std::invalid_argument("no name of a kept file");
  headers_.emplace_back(kept_header, std::string(folder).append(name));
}

std::optional<std::string_view> Response::file() const {
  const auto found = std::ranges::find(
      headers_, kept_header, [](const auto& header) { return std::string_view(header.first); });
  if (found == headers_.end()) return std::nullopt;
  return std::string_view(found->second).substr(found->second.rfind('/') + 1);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 303: return "See Other";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: throw std::invalid_argument("a status that has no meaning here");
  }
}

}  // namespace actiond
