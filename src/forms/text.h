// Characters in what a visitor typed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace actiond {

// Each line break becomes LF: CRLF, CR, VT, FF and NEL, the line breaks among the control
// characters (Unicode Standard section 5.8).
std::string with_line_feeds(std::string_view text);

// Holds a control character (Unicode category Cc) other than tab and a line break.
bool has_forbidden_character(std::string_view text);

// As a page can show it: with LF for line breaks, and U+FFFD for each character that is forbidden,
// so that the visitor sees where it stands.
std::string as_shown(std::string_view text);

// Nothing that a reader could see: empty, or of characters alone that Unicode 15.1 lists as
// White_Space (PropList.txt) or Default_Ignorable_Code_Point (DerivedCoreProperties.txt).
bool is_blank(std::string_view text);

// In UTF-16 units, which a browser counts, of UTF-8.
std::int64_t utf16_length(std::string_view text);

}  // namespace actiond
