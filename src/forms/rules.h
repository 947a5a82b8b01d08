// The rules of a field, and the reading of what was sent for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "forms/field.h"

namespace actiond {

// Email and Url by the WHATWG HTML standard, sections 4.10.5.1.5 and .4 (Url: http and https
// only).  Password is never trimmed and never sent back.
enum class Format { Text, Email, Url, Password };

// `min` and `max` count the code points of a text, the bytes of a file and of a password's `max`
// (NIST SP 800-63B-4 counts a password's minimum in code points), and bound a number itself.
struct Rules {
  bool required = false;  // forbids what is_blank (text.h) takes for nothing
  std::int64_t min = 0;
  std::optional<std::int64_t> max = {};  // without: max_length, max_number, max_file_bytes
  Format format = Format::Text;
  std::vector<std::string_view> one_of = {};  // when not empty: the only values; an enum's names
  std::vector<std::string_view> types = {};   // when not empty: the only media types of a file
  std::string_view message = {};              // instead of the standard one, with its values
  bool one_line = false;       // a text loses its line breaks, as in an <input>; a script's, too
  bool has_fallback = false;   // the page sends it twice, and left one of both empty
  std::int64_t most_sent = 0;  // of a text: so long a one may come, whatever `max` says
};

// `max`, or what a field has that states none: 200 characters, any number, 1 MiB.
std::int64_t max_length(const Rules& rules);
std::int64_t max_number(const Rules& rules);
std::size_t max_file_bytes(const Rules& rules);

enum class Kind { Text, Number, Date, Checkbox, List, File };

// Says more of a field that a control of a page makes, for those who read the catalogue.
struct ControlSchema {
  std::string type = {};     // of an <input> for numbers, dates, times or a colour; else empty
  std::string pattern = {};  // of the whole value, as its author wrote it; empty: any
  std::string shape = {};    // the same of every value of such a type, with ^ and $
  bool is_number = false;    // which need not be whole
  bool is_several = false;   // addresses with commas between
  std::optional<double> min = {}, max = {};  // of a number
  std::string least = {}, most = {};         // as people read them, of a date or time as well
  std::optional<double> step = {};           // as `step` counts; none: any, or that of the type
  bool steps_from_zero = false;
  std::string accept = {};  // of a file, where no content tells all of `types`
};

// A field without its place in the input.
struct FieldDescription {
  std::string name;
  Kind kind;
  Rules rules;
  ControlSchema control = {};
  bool is_hidden = false;  // no page asks for it
};

struct FormDescription {
  std::string page;  // below the static root; empty: none
  std::vector<FieldDescription> fields;
};

bool has_file_field(const FormDescription& form);
const FieldDescription* find_field(const FormDescription& form, std::string_view name);

// The name of a field that was sent twice, declared or not, unless its kind allows it: a list has
// many values, of a checkbox the last counts (page generators write a hidden twin before it), and
// two files for one field are an error of that field.
std::optional<std::string> repeated_field(const FieldValues& values, const FormDescription& form);

// The message to the visitor about a wrong value.
struct Wrong {
  Message message;
};
// Line breaks of text become LF.  A value that was not sent is an empty one: an empty optional
// number stays at its default.
std::variant<std::string, Wrong> read_text(std::string_view value, const Rules& rules);
std::variant<std::optional<std::int64_t>, Wrong> read_number(std::string_view value,
                                                             const Rules& rules);
// The full-date of RFC 3339, as a date input sends it.
std::variant<std::optional<Date>, Wrong> read_date(std::string_view value, const Rules& rules);
// Ticked by any value but "", "off", "false", "no" and "0".
std::variant<bool, Wrong> read_checkbox(std::string_view value, const Rules& rules);
std::variant<std::vector<std::string>, Wrong> read_list(std::vector<std::string> values,
                                                        const Rules& rules);
using SentValuesOfField = std::vector<const FieldValue*>;
// Each is a file, or text by mistake.
std::variant<std::optional<File>, Wrong> read_file(const SentValuesOfField& sent,
                                                   const Rules& rules);

// The values that count for a field, in the order sent.  Points into `values`.
SentValuesOfField values_of(const FieldValues& values, std::string_view name, Kind kind,
                            const Rules& rules);
// The one that a field of one value has; empty when none was sent.
std::string_view last_of(const SentValuesOfField& sent);
// Whether no kind of field can have one of the values: too long to be held, or with a character
// that is forbidden in text.
std::optional<Wrong> unreadable(const SentValuesOfField& sent, Kind kind, const Rules& rules);

}  // namespace actiond
