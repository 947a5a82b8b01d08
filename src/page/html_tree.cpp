#include "page/html_tree.h"

#include <algorithm>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>

#include "base/encoding.h"
#include "page/tag.h"

namespace actiond {
namespace {

constexpr std::size_t max_page_bytes = 1024 * 1024;
constexpr std::size_t max_depth = 10'000;

// Elements that need no end tag: without one they do not nest.
const std::set<std::string, std::less<>> unnested{
    "area",  "base",   "body",     "br",    "col", "colgroup", "dd",     "dt",
    "embed", "head",   "hr",       "html",  "img", "input",    "li",     "link",
    "meta",  "option", "optgroup", "p",     "rp",  "rt",       "source", "tbody",
    "td",    "tfoot",  "th",       "thead", "tr",  "track",    "wbr"};

// About how deep the elements nest, judged by their tags alone: enough to refuse in time.
std::size_t rough_depth(std::string_view html) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const bool closes = html.substr(at + 1).starts_with('/');
    const std::size_t begin = at + (closes ? 2 : 1);
    std::size_t end = begin;
    while (end < html.size() && end - begin < 32 && !is_html_space(html[end]) && html[end] != '>' &&
           html[end] != '/')
      ++end;
    if (end == begin || !is_letter(html[begin])) continue;
    if (unnested.contains(to_lower(html.substr(begin, end - begin)))) continue;
    if (closes && depth > 0) --depth;
    if (!closes) deepest = std::max(deepest, ++depth);
  }
  return deepest;
}

void refuse_what_takes_long(std::string_view html) {
  if (html.size() > max_page_bytes)
    throw std::invalid_argument("a page has at most 1 MiB, this one has " +
                                std::to_string(html.size()) + " bytes");
  if (rough_depth(html) > max_depth)
    throw std::invalid_argument("a page nests at most 10,000 elements, this one more");
}

}  // namespace

const GumboVector& children_of(const GumboNode& node) {
  if (node.type == GUMBO_NODE_DOCUMENT) return node.v.document.children;
  if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE)
    return node.v.element.children;
  return kGumboEmptyVector;
}

HtmlTree::HtmlTree(std::string_view html) : start_(html.starts_with("\xEF\xBB\xBF") ? 3 : 0) {
  refuse_what_takes_long(html);
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  options.userdata = &arena_;
  options.allocator = [](void* arena, std::size_t size) noexcept {
    return static_cast<std::pmr::monotonic_buffer_resource*>(arena)->allocate(size);
  };
  options.deallocator = [](void*, void*) {};
  html.remove_prefix(start_);
  document_ = gumbo_parse_with_options(&options, html.data(), html.size())->document;
}

std::string resolve_references(std::string_view value) {
  if (value.find_first_of("&\r") == std::string_view::npos) return std::string(value);
  std::string html = "<a x=\"";
  for (const char c : value) {
    if (c == '"')
      html += "&quot;";
    else
      html += c;
  }
  html += "\">";
  const HtmlTree tree(html);
  const GumboNode* node = tree.document();
  for (const unsigned int child : {0U, 1U, 0U})  // html, its body, the element
    node = static_cast<const GumboNode*>(children_of(*node).data[child]);
  return static_cast<const GumboAttribute*>(node->v.element.attributes.data[0])->value;
}

}  // namespace actiond
