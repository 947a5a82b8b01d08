// One answer in the three forms of the contract: a page for a browser, JSON for a program, a line
// for a shell.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "http/accept.h"
#include "http/problem.h"
#include "http/response.h"
#include "http/words.h"

namespace actiond {

// RFC 9457 for a program; for a browser a plain page that lists the messages, said in `words`.
Response to_response(const Problem& problem, Media media, std::string_view request_id,
                     const Words& words = Words::english());

// `body` as it is, with the status and the headers of `problem`.
Response to_response(const Problem& problem, std::string_view content_type, std::string body);

// 200 with `body` as it is.
Response to_response(std::string_view content_type, std::string body);

constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view text_type = "text/plain; charset=utf-8";

enum class PageWidth { Narrow, Wide };

// A whole page of ours around `main`, which is HTML, in the language of `words`.
std::string plain_page(std::string_view title, std::string_view main,
                       const Words& words = Words::english(), PageWidth width = PageWidth::Narrow);

// Bytes that are not UTF-8 are replaced, so that an answer cannot fail.
std::string to_json_text(const nlohmann::ordered_json& json);
std::string to_json_line(const nlohmann::ordered_json& json);

}  // namespace actiond
