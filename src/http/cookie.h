// The cookies on the wire, RFC 6265bis.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace actiond {

// "session" over http, "__Host-session" over https: the prefix makes browsers insist on Secure,
// Path=/ and no Domain.
std::string_view session_cookie_name(bool https);

// The value of the session cookie; nothing when there is none or more than one of them.
std::optional<std::string_view> session_cookie(const Request& request);

// The device cookie (access/device.h), in the same way.
std::string_view device_cookie_name(bool https);
std::optional<std::string_view> device_cookie(const Request& request);
std::string set_device_cookie(std::string_view token, bool https);

// The ticket cookie (access/ticket.h), in the same way.
std::string_view ticket_cookie_name(bool https);
std::optional<std::string_view> ticket_cookie(const Request& request);
std::string set_ticket_cookie(std::string_view token, std::chrono::seconds max_age, bool https);

// The note cookie, which holds a text for the next page (action/note.h).
std::optional<std::string_view> note_cookie(const Request& request);
std::string set_note_cookie(std::string_view token, std::chrono::seconds max_age, bool https);

// Whether any session cookie of either name came, good or bad.
bool carries_session_cookie(const Request& request);

// The value of `Set-Cookie` that keeps `token`, or with no life left drops it.
std::string set_session_cookie(std::string_view token, std::chrono::seconds max_age, bool https);

}  // namespace actiond
