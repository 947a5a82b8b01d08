#include "page/attribute.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/encoding.h"
#include "page/html_tree.h"

namespace actiond {
namespace {

using NameSet = std::set<std::string, std::less<>>;

// Lists of what is allowed: an attribute that HTML gets tomorrow is not filled.
const std::map<std::string, AttributeKind, std::less<>>& kinds() {
  static const std::map<std::string, AttributeKind, std::less<>> all = [] {
    std::map<std::string, AttributeKind, std::less<>> made;
    for (const char* link : {"href", "src", "action", "formaction", "poster", "cite"})
      made[link] = AttributeKind::Link;
    for (const char* flag : {"checked", "selected", "disabled", "hidden", "open", "readonly",
                             "required", "multiple", "inert", "reversed"})
      made[flag] = AttributeKind::Flag;
    for (const char* text :
         {"alt",     "class",  "colspan", "datetime", "dir",         "download", "for",
          "headers", "height", "high",    "id",       "label",       "lang",     "list",
          "low",     "max",    "min",     "optimum",  "placeholder", "rowspan",  "span",
          "start",   "step",   "title",   "value",    "width"})
      made[text] = AttributeKind::Text;
    return made;
  }();
  return all;
}

bool is_name_start(char c) { return c >= 'a' && c <= 'z'; }
bool is_in_name(char c) { return is_name_start(c) || is_digit(c) || c == '-' || c == '_'; }

// The name in braces that `text` begins with, or nothing.
std::string_view name_in_braces(std::string_view text) {
  if (text.size() < 3 || text[0] != '{' || !is_name_start(text[1])) return {};
  const auto end = std::ranges::find_if_not(text.substr(1), is_in_name);
  const auto length = static_cast<std::size_t>(end - text.begin()) - 1;
  if (1 + length >= text.size() || text[1 + length] != '}') return {};
  const std::string_view name = text.substr(1, length);
  return name == "once" || name == "shown" || name == "next" ? std::string_view() : name;
}

}  // namespace

std::optional<AttributeKind> fillable_kind(const Tag& tag, std::string_view attribute) {
  static const NameSet acting{"base",   "embed", "frame",  "iframe", "link",    "meta",
                              "object", "param", "script", "style",  "template"};
  static const NameSet own{"data-each", "data-field",     "data-if",
                           "data-user", "data-error-for", "data-show"};
  if (acting.contains(tag.name) || own.contains(attribute)) return std::nullopt;
  if (attribute.starts_with("aria-") || attribute.starts_with("data-")) return AttributeKind::Text;
  const auto kind = kinds().find(attribute);
  return kind == kinds().end() ? std::nullopt : std::optional(kind->second);
}

std::vector<AttributePiece> attribute_pieces(std::string_view raw) {
  std::vector<AttributePiece> pieces;
  std::size_t copied = 0;
  for (std::size_t at = raw.find('{'); at != raw.npos; at = raw.find('{', at + 1)) {
    const std::string_view name = name_in_braces(raw.substr(at));
    if (name.empty()) continue;
    pieces.push_back({resolve_references(raw.substr(copied, at - copied)), std::string(name)});
    copied = at + name.size() + 2;
  }
  if (copied < raw.size() || pieces.empty())
    pieces.push_back({resolve_references(raw.substr(copied)), {}});
  return pieces;
}

bool has_names(const std::vector<AttributePiece>& pieces) { return !pieces.front().name.empty(); }

bool begins_with_name(const std::vector<AttributePiece>& pieces) {
  return has_names(pieces) && trimmed(pieces.front().text).empty();
}

std::vector<FilledAttribute> filled_attributes(const Tag& tag, std::string_view html) {
  std::vector<FilledAttribute> filled;
  NameSet seen;
  for (const Attribute& attribute : tag.attributes) {
    const Span raw = attribute.value_span;
    // Of several with the same name the first counts.
    if (raw.begin == raw.end || !seen.insert(attribute.name).second) continue;
    const auto kind = fillable_kind(tag, attribute.name);
    if (!kind) continue;
    auto pieces = attribute_pieces(html.substr(raw.begin, raw.end - raw.begin));
    if (has_names(pieces)) filled.push_back({attribute.name, *kind, std::move(pieces)});
  }
  return filled;
}

}  // namespace actiond
