#include "cli/new_field.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/dashed_name.h"
#include "base/encoding.h"
#include "cli/commands.h"
#include "sqlite/engine.h"

namespace actiond {
namespace {

const NewFieldType types[] = {
    {"text", "std::string", "std::string", "TEXT", "Ada", Kind::Text, ".max = 200", {.max = 200}},
    {"long",
     "std::string",
     "std::string",
     "TEXT",
     "Hello",
     Kind::Text,
     ".max = 2000",
     {.max = 2000}},
    {"email",
     "std::string",
     "std::string",
     "TEXT",
     "ada@example.com",
     Kind::Text,
     ".max = 254, .format = Format::Email",
     {.max = 254, .format = Format::Email}},
    {"url",
     "std::string",
     "std::string",
     "TEXT",
     "https://example.com/",
     Kind::Text,
     ".max = 2000, .format = Format::Url",
     {.max = 2000, .format = Format::Url}},
    {"number", "int", "std::optional<int>", "INTEGER", "3", Kind::Number, "", {}},
    {"date", "Date", "std::optional<Date>", "TEXT", "2027-01-31", Kind::Date, "", {}},
    {"yes", "bool", "bool", "INTEGER", "on", Kind::Checkbox, "", {}},
};

// Macros of the C library, and names that the outline itself uses: of functions, or, with a
// capital, of types.
bool is_word_of_outline(std::string_view name) {
  static const std::set<std::string_view> words{
      "action",    "assert", "date",      "errno",    "form",        "format", "major",
      "minor",     "other",  "paid_user", "redirect", "result",      "save",   "site",
      "spam_trap", "stderr", "stdin",     "stdout",   "transaction", "unix",   "user"};
  return words.contains(name);
}

bool is_word_of_cpp(std::string_view name) {
  static const std::set<std::string_view> words{
      "and",      "asm",      "auto",    "bool",      "break",     "case",     "catch",
      "char",     "class",    "concept", "const",     "continue",  "default",  "delete",
      "do",       "double",   "else",    "enum",      "explicit",  "export",   "extern",
      "false",    "float",    "for",     "friend",    "goto",      "if",       "inline",
      "int",      "long",     "main",    "mutable",   "namespace", "new",      "not",
      "operator", "or",       "private", "protected", "public",    "register", "requires",
      "return",   "short",    "signed",  "sizeof",    "static",    "struct",   "switch",
      "template", "this",     "throw",   "true",      "try",       "typedef",  "typename",
      "union",    "unsigned", "using",   "virtual",   "void",      "volatile", "while",
      "xor"};
  return words.contains(name);
}

NewField parse_field(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos)
    throw WrongUsage("FIELD:TYPE", fmt::format("\"{0}\" has no type: {0}:text, for example", text));
  NewField field{
      .name = text.substr(0, colon), .type = nullptr, .may_be_empty = text.ends_with('?')};
  require_identifier("FIELD:TYPE", field.name);
  const std::string_view named =
      std::string_view(text).substr(colon + 1, text.size() - colon - (field.may_be_empty ? 2 : 1));
  const auto* found = std::ranges::find(types, named, &NewFieldType::name);
  if (found == std::end(types))
    throw WrongUsage(
        "FIELD:TYPE",
        fmt::format("there is no type \"{}\": text, long, email, url, number, date and "
                    "yes are",
                    named));
  field.type = found;
  return field;
}

}  // namespace

std::string underscored(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

void require_identifier(const std::string& option, const std::string& name) {
  std::string dashed = name;
  std::ranges::replace(dashed, '_', '-');
  if (!is_dashed_name(dashed) || !is_letter(name.front()) || name.size() > 40)
    throw WrongUsage(option, fmt::format("takes a name of up to 40 letters a to z, digits and '-' "
                                         "that begins with a letter, not \"{}\"",
                                         name));
  if (is_word_of_cpp(underscored(name)))
    throw WrongUsage(option, fmt::format("cannot be \"{}\", a word of C++", name));
  if (is_word_of_outline(underscored(name)))
    throw WrongUsage(option, fmt::format("cannot be \"{}\", which the code around it uses", name));
  if (is_word_of_sql(underscored(name)))
    throw WrongUsage(option, fmt::format("cannot be \"{}\", a word of SQL", name));
}

std::string NewField::rules() const {
  const std::string_view separator = is_required() && !type->rules.empty() ? ", " : "";
  return fmt::format("{}{}{}", is_required() ? ".required = true" : "", separator, type->rules);
}

std::vector<NewField> parse_fields(const std::vector<std::string>& texts) {
  std::vector<NewField> fields;
  std::set<std::string> names{"id", "user_id"};
  for (const std::string& text : texts) {
    fields.push_back(parse_field(text));
    if (!names.insert(underscored(fields.back().name)).second)
      throw WrongUsage("FIELD:TYPE",
                       fmt::format("the table has \"{}\" already", fields.back().name));
  }
  return fields;
}

}  // namespace actiond
