#include "page/tag.h"

#include <algorithm>

#include "base/encoding.h"

namespace actiond {
namespace {

// Where the first byte at or after `at` stands that `stop` is true for, or the end.
template <class Stop>
std::size_t skip_until(std::string_view html, std::size_t at, Stop stop) {
  while (at < html.size() && !stop(html[at])) ++at;
  return at;
}

std::size_t skip_space(std::string_view html, std::size_t at) {
  return skip_until(html, at, [](char c) { return !is_html_space(c); });
}

// Where the value ends that begins at `at`, its quotes included.
std::size_t value_end(std::string_view html, std::size_t at) {
  if (at == html.size()) return at;
  const char quote = html[at];
  if (quote != '"' && quote != '\'')
    return skip_until(html, at, [](char c) { return is_html_space(c) || c == '>'; });
  const std::size_t close = html.find(quote, at + 1);
  return close == std::string_view::npos ? html.size() : close + 1;
}

std::string_view unquoted(std::string_view value) {
  if (value.empty() || (value.front() != '"' && value.front() != '\'')) return value;
  if (value.size() > 1) value.remove_suffix(1);
  return value.substr(1);
}

Attribute read_attribute(std::string_view html, std::size_t begin) {
  Attribute attribute;
  // The first byte belongs to the name even when it is '='.
  const std::size_t name_end = skip_until(
      html, begin + 1, [](char c) { return is_html_space(c) || c == '/' || c == '>' || c == '='; });
  attribute.name = to_lower(html.substr(begin, name_end - begin));
  attribute.name_span = {begin, name_end};
  attribute.span = attribute.name_span;
  const std::size_t equals = skip_space(html, name_end);
  if (equals == html.size() || html[equals] != '=') return attribute;
  const std::size_t value = skip_space(html, equals + 1);
  attribute.span.end = value_end(html, value);
  const std::string_view written = unquoted(html.substr(value, attribute.span.end - value));
  attribute.value = written;
  const auto offset = static_cast<std::size_t>(written.data() - html.data());
  attribute.value_span = {offset, offset + written.size()};
  return attribute;
}

}  // namespace

bool is_html_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

const Attribute* Tag::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

std::string_view Tag::value(std::string_view attribute) const {
  const Attribute* found = find(attribute);
  return found ? std::string_view(found->value) : std::string_view();
}

std::optional<Tag> read_tag(std::string_view html, std::size_t begin) {
  if (begin >= html.size() || html[begin] != '<') return std::nullopt;
  const auto between = [](char c) { return is_html_space(c) || c == '/'; };
  Tag tag;
  tag.name_end = skip_until(html, begin, [&](char c) { return between(c) || c == '>'; });
  tag.name = to_lower(html.substr(begin + 1, tag.name_end - begin - 1));
  std::size_t at = tag.name_end;
  while (true) {
    at = skip_until(html, at, [&](char c) { return !between(c); });
    if (at == html.size()) return std::nullopt;
    if (html[at] == '>') break;
    tag.attributes.push_back(read_attribute(html, at));
    at = tag.attributes.back().span.end;
  }
  tag.span = {begin, at + 1};
  return tag;
}

std::map<std::string, std::string, std::less<>> attributes_of(const Tag& tag) {
  std::map<std::string, std::string, std::less<>> attributes;
  for (const Attribute& attribute : tag.attributes)
    attributes.emplace(attribute.name, attribute.value);
  return attributes;
}

}  // namespace actiond
