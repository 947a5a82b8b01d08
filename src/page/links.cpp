#include "page/links.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "http/url.h"
#include "page/attribute.h"
#include "page/edits.h"
#include "page/markup.h"

namespace actiond {
namespace {

// Whether `link` is relative to a folder.  "#x", "?x" and "" lead to the page as it is shown.
bool is_relative(std::string_view link) {
  link = trimmed(link);
  const std::size_t end = std::min(link.find_first_of("/\\?#"), link.size());
  return end > 0 && link.substr(0, end).find(':') == link.npos;
}

// `link` from the root of the site, or nothing when it holds everywhere.
std::optional<std::string> from_root(std::string_view link, std::string_view base) {
  // A value that is a whole address comes later.
  if (!is_relative(link) || begins_with_name(attribute_pieces(link))) return std::nullopt;
  const auto url = resolve_url(link, base);
  if (!url) return std::nullopt;
  // A browser would take "//x" for a host: the dot keeps it a path (WHATWG URL, section 4.5).
  return (url->path.starts_with("//") ? "/." : "") + url->path + url->rest;
}

std::string rewritten(std::string_view link, std::string_view base) {
  return from_root(link, base).value_or(std::string(link));
}

// Of addresses with white space between them.
std::string rewrite_each(std::string_view links, std::string_view base) {
  std::string result;
  while (!links.empty()) {
    const auto end = std::ranges::find_if(links, is_html_space);
    const std::string_view link = links.substr(0, static_cast<std::size_t>(end - links.begin()));
    if (!link.empty()) result += rewritten(link, base);
    links.remove_prefix(link.size());
    if (!links.empty()) result += links.front();
    links.remove_prefix(std::min<std::size_t>(1, links.size()));
  }
  return result;
}

// HTML 4.8.4.2.1: "small.png 1x, large.png 2x".
std::string rewrite_srcset(std::string_view candidates, std::string_view base) {
  std::string result;
  const auto take = [&](std::size_t size) {
    result += candidates.substr(0, size);
    candidates.remove_prefix(size);
  };
  const auto length_until = [&](auto stop) {
    return static_cast<std::size_t>(std::ranges::find_if(candidates, stop) - candidates.begin());
  };
  while (!candidates.empty()) {
    take(length_until([](char c) { return !is_html_space(c) && c != ','; }));
    const std::string_view link = candidates.substr(0, length_until(is_html_space));
    const std::size_t commas = link.size() - std::min(link.find_last_not_of(',') + 1, link.size());
    result += rewritten(link.substr(0, link.size() - commas), base);
    candidates.remove_prefix(link.size() - commas);
    take(commas);
    if (commas == 0) take(length_until([](char c) { return c == ','; }));
  }
  return result;
}

// "5; url=next.html", HTML 4.2.5.3.
std::string rewrite_refresh(std::string_view content, std::string_view base) {
  const std::size_t key = to_lower(content).find("url=");
  if (key == std::string::npos) return std::string(content);
  std::string_view link = trimmed(content.substr(key + 4));
  std::string result(content.substr(0, key + 4));
  if (link.starts_with('\'') || link.starts_with('"')) {
    const char quote = link.front();
    link = link.substr(1, link.find(quote, 1) - 1);
  }
  return result.append(rewritten(link, base));
}

// url(…) and @import "…", CSS Syntax 3 section 4.3.6.
std::string rewrite_css(std::string_view css, std::string_view base) {
  const std::string lower = to_lower(css);
  std::string result;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < css.size();) {
    const bool is_import = lower.compare(at, 7, "@import") == 0;
    if (!is_import && lower.compare(at, 4, "url(") != 0) {
      ++at;
      continue;
    }
    at += is_import ? 7 : 4;
    while (at < css.size() && is_html_space(css[at])) ++at;
    const bool is_quoted = at < css.size() && (css[at] == '"' || css[at] == '\'');
    if (is_import && !is_quoted) continue;
    const std::string_view end_of_link = !is_quoted       ? ") \t\n\f\r"
                                         : css[at] == '"' ? "\"\n"
                                                          : "'\n";
    const std::size_t begin = at + (is_quoted ? 1 : 0);
    const std::size_t end = std::min(css.find_first_of(end_of_link, begin), css.size());
    const auto link = from_root(css.substr(begin, end - begin), base);
    if (link) result.append(css.substr(copied, begin - copied)).append(*link);
    if (link) copied = end;
    at = end;
  }
  return result.append(css.substr(copied));
}

using Rewrite = std::string (*)(std::string_view, std::string_view);

Rewrite rewrite_of(const Tag& tag, std::string_view attribute) {
  constexpr std::array<std::string_view, 10> links{"href",     "xlink:href", "src",        "action",
                                                   "cite",     "formaction", "background", "poster",
                                                   "longdesc", "manifest"};
  if (std::ranges::find(links, attribute) != links.end()) return rewritten;
  if (attribute == "data" && tag.name == "object") return rewritten;
  if (attribute == "srcset" || attribute == "imagesrcset") return rewrite_srcset;
  if (attribute == "ping") return rewrite_each;
  if (attribute == "style") return rewrite_css;
  const bool is_refresh = tag.name == "meta" && to_lower(tag.value("http-equiv")) == "refresh";
  return attribute == "content" && is_refresh ? rewrite_refresh : nullptr;
}

// The path that links of the page are relative to: its own or that of its <base>; nothing when the
// <base> is on another site.
std::optional<std::string> base_of(const Markup& markup, std::string_view address) {
  for (const Element& element : markup.elements) {
    if (!element.is_html || element.tag.name != "base" || !element.tag.has("href")) continue;
    const auto url = resolve_url(element.tag.value("href"), address);
    return url && url->host.empty() ? std::optional(url->path) : std::nullopt;
  }
  return std::string(address);
}

}  // namespace

std::string with_links_from_root(const std::string& html, std::string_view address) {
  const Markup markup = read_markup(html);
  const auto base = base_of(markup, address);
  if (!base) return html;
  Edits edits(html);
  for (const Element& element : markup.elements) {
    const Tag& tag = element.tag;
    const bool is_base = element.is_html && tag.name == "base";
    for (const Attribute& attribute : tag.attributes)
      if (const Rewrite rewrite = rewrite_of(tag, attribute.name))
        edits.set(tag, attribute.name,
                  rewrite(tag.value(attribute.name), is_base ? address : *base));
    if (element.is_html && tag.name == "style" && element.content) {
      const std::size_t length = element.content->end - element.content->begin;
      const std::string_view css = std::string_view(html).substr(element.content->begin, length);
      const std::string changed = rewrite_css(css, *base);
      if (changed != css) edits.replace(*element.content, changed);
    }
  }
  return edits.apply();
}

}  // namespace actiond
