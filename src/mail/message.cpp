#include "mail/message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace actiond {
namespace {

constexpr std::size_t most_line_bytes = 998;     // RFC 5322 section 2.1.1
constexpr std::size_t most_quoted_columns = 76;  // RFC 2045 section 6.7

// Without its end: CRLF, CR or LF.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + (text.substr(end).starts_with("\r\n") ? 2 : 1), text.size()));
  return line;
}

bool is_plain(std::string_view line) {
  return line.size() <= most_line_bytes &&
         std::ranges::all_of(line, [](char c) { return (c >= ' ' && c <= '~') || c == '\t'; });
}

std::string quoted_printable(std::string_view line) {
  std::string quoted;
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const bool is_last = at + 1 == line.size();
    const bool stays = (c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !is_last);
    const std::size_t width = stays ? 1 : 3;
    if (columns + width > most_quoted_columns - (is_last ? 0 : 1)) {
      quoted += "=\r\n";
      columns = 0;
    }
    quoted += stays ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    columns += width;
  }
  return quoted;
}

struct Body {
  std::string_view encoding;
  std::string lines;
};

// As it is when that may be sent, so that a link in a file of var/mail can be copied.
Body body_of(std::string_view text) {
  Body plain{"7bit", {}};
  Body quoted{"quoted-printable", {}};
  bool is_all_plain = true;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    is_all_plain = is_all_plain && is_plain(line);
    plain.lines += fmt::format("{}\r\n", line);
    quoted.lines += fmt::format("{}\r\n", quoted_printable(line));
  }
  return is_all_plain ? plain : quoted;
}

std::string date_of(Time time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

}  // namespace

std::string to_rfc5322(const MailMessage& message) {
  const auto body = body_of(message.text.body);
  std::string head =
      fmt::format("From: {}\r\nTo: {}\r\n", message.from.header(), message.to.text());
  if (message.reply_to) head += fmt::format("Reply-To: {}\r\n", message.reply_to->text());
  head += fmt::format("Date: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\n", date_of(message.date),
                      message.text.subject.encoded(), message.id);
  // RFC 3834: no machine answers it.
  head += fmt::format("Auto-Submitted: auto-{}\r\nMIME-Version: 1.0\r\n",
                      message.is_answer ? "replied" : "generated");
  head += fmt::format(
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {}\r\n\r\n",
      body.encoding);
  return head + body.lines;
}

}  // namespace actiond
