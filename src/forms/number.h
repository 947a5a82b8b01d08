// Whole numbers as a number input sends them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace actiond {

// The value of a valid floating-point number (HTML section 2.3.4.3: "5", "5.0", "50e-1") that is
// whole.  Nothing for any other text, and for a number that std::int64_t cannot hold.
std::optional<std::int64_t> parse_whole_number(std::string_view text);

// Of a maxlength or minlength, by the rules for parsing non-negative integers (HTML 2.3.4.2).
std::optional<std::int64_t> parse_length(std::string_view text);

}  // namespace actiond
