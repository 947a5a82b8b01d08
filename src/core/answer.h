// One answer in the three forms of the contract: a page for a browser, JSON for a program, a line
// for a shell.
#pragma once

#include <string>
#include <string_view>

#include "core/accept.h"
#include "core/problem.h"
#include "core/response.h"
#include "core/result.h"

namespace actiond {

// 303 for a browser, 200 for others.  Throws std::invalid_argument when `to` leaves this site.
Response to_response(const Redirect& redirect, Media media);

// The plain page of an action that has no page of its own to show `data` in.
Response to_response(const Data& data, Media media);

// RFC 9457 for a program; for a browser a plain page that lists the messages.
Response to_response(Problem problem, Media media, std::string_view request_id);

// 200 with `body` as it is.
Response to_response(std::string_view content_type, std::string body);

constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view text_type = "text/plain; charset=utf-8";

// A whole page of ours around `main`, which is HTML.
std::string plain_page(std::string_view title, std::string_view main);

}  // namespace actiond
