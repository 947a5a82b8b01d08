#include "page/markup.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/encoding.h"
#include "page/html_tree.h"

namespace actiond {
namespace {

// Elements whose content is text to the parser, whatever it looks like.
const std::set<std::string, std::less<>> raw_text{
    "iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"};

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE ||
         node.type == GUMBO_NODE_CDATA;
}

// Whether it is a <template> whose content belongs to no document: that of a declarative shadow
// root is shown (HTML 13.2.6.4.4).
bool is_inert_template(const GumboNode& node) {
  if (node.type != GUMBO_NODE_TEMPLATE) return false;
  const GumboAttribute* mode = gumbo_get_attribute(&node.v.element.attributes, "shadowrootmode");
  const std::string value = mode ? to_lower(mode->value) : "";
  return value != "open" && value != "closed";
}

// Walks gumbo's tree without recursion and notes what `Markup` wants.
class TreeReader {
 public:
  // `start` is where gumbo's text begins in `html`: behind a byte order mark.
  TreeReader(const std::string& html, std::size_t start) : html_(html), start_(start) {}

  Markup read(const GumboNode* document) {
    waiting_.push_back({document, nowhere, nowhere, false});
    while (!waiting_.empty()) {
      const Step step = waiting_.back();
      waiting_.pop_back();
      visit(step);
    }
    find_tags();
    return std::move(markup_);
  }

 private:
  struct Step {
    const GumboNode* node;
    std::size_t parent;  // the nearest recorded element around it
    std::size_t reader;  // the option or label that its text belongs to
    bool in_template;
  };

  void visit(Step step) {
    const GumboNode& node = *step.node;
    if (is_text(node) && step.reader != nowhere)
      markup_.elements[step.reader].text += node.v.text.text;
    if (node.type == GUMBO_NODE_COMMENT || node.type == GUMBO_NODE_CDATA)
      hide(node.v.text.original_text);
    if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) {
      if (node.v.element.tag == GUMBO_TAG_BODY) note_body(node);
      record(step);
    }
    if (is_inert_template(node)) step.in_template = true;
    const GumboVector& children = children_of(node);
    for (unsigned int at = children.length; at > 0; --at)
      waiting_.push_back({static_cast<const GumboNode*>(children.data[at - 1]), step.parent,
                          step.reader, step.in_template});
  }

  // Adds the element to the markup and makes it the parent of what follows in `step`.
  void record(Step& step) {
    const GumboElement& source = step.node->v.element;
    const unsigned int copied =
        GUMBO_INSERTION_RECONSTRUCTED_FORMATTING_ELEMENT | GUMBO_INSERTION_ADOPTION_AGENCY_CLONED;
    if (source.original_tag.length == 0 || (step.node->parse_flags & copied) != 0) return;
    std::optional<Tag> tag = read_tag(html_, offset(source.original_tag.data));
    if (!tag || !begins_.insert(tag->span.begin).second) return;
    // gumbo's own values are not to be trusted: behind a duplicate attribute it drops one too many.
    for (Attribute& attribute : tag->attributes)
      attribute.value = resolve_references(attribute.value);
    if (tag->has("id")) markup_.ids.emplace(tag->value("id"));
    hide(tag->span);
    if (step.in_template) return;

    Element element;
    element.tag = std::move(*tag);
    element.is_html = source.tag_namespace == GUMBO_NAMESPACE_HTML;
    element.parent = step.parent;
    place_content(element, source);
    hide_raw_content(element, is_inert_template(*step.node));
    step.parent = markup_.elements.size();
    const std::string& name = element.tag.name;
    if (element.is_html && (name == "option" || name == "label")) step.reader = step.parent;
    if (name == "script" || name == "select" || name == "textarea") step.reader = nowhere;
    markup_.elements.push_back(std::move(element));
  }

  // gumbo notes where the token stands that closed an element, which may be another's tag.  It
  // notes nothing for what misnested tags tore apart.
  void place_content(Element& element, const GumboElement& source) const {
    const std::string& name = element.tag.name;
    if (name == "html" || name == "head" || name == "body") return;
    const std::size_t close = start_ + source.end_pos.offset;
    if (close < element.tag.span.end || close > html_.size()) return;
    if (close < html_.size() && html_[close] != '<') return;
    element.content = Span{element.tag.span.end, close};
    const std::string_view end_tag(source.original_end_tag.data, source.original_end_tag.length);
    if (end_tag.size() > name.size() + 2 && to_lower(end_tag.substr(2, name.size())) == name)
      element.end = close + end_tag.size();
  }

  void note_body(const GumboNode& body) {
    const GumboStringPiece& tag = body.v.element.original_tag;
    has_body_tag_ = tag.length > 0;
    markup_.body = has_body_tag_ ? offset(tag.data) + tag.length : html_.size();
    const GumboVector& children = children_of(body);
    if (has_body_tag_ || children.length == 0) return;
    const auto& first = *static_cast<const GumboNode*>(children.data[0]);
    const bool is_element = first.type == GUMBO_NODE_ELEMENT || first.type == GUMBO_NODE_TEMPLATE;
    const char* source =
        is_element ? first.v.element.original_tag.data : first.v.text.original_text.data;
    if (source) markup_.body = offset(source);
  }

  // Notes where no token of the document itself can begin.
  void hide(const GumboStringPiece& piece) {
    if (piece.length > 0)
      hidden_.push_back({offset(piece.data), offset(piece.data) + piece.length});
  }
  void hide(Span span) { hidden_.push_back(span); }
  void hide_raw_content(const Element& element, bool is_template) {
    const bool is_raw = element.is_html && raw_text.contains(element.tag.name);
    if (element.content && (is_raw || is_template)) hidden_.push_back(*element.content);
  }

  // The tags that gumbo does not tell: where a form was closed, and a <body> that follows something
  // which began the body before it, such as an <img> in the head's <noscript>.
  void find_tags() {
    std::ranges::sort(hidden_, {}, &Span::begin);
    std::size_t at = 0;
    for (const Span& span : hidden_) {
      find_tags({at, span.begin});
      at = std::max(at, span.end);
    }
    find_tags({at, html_.size()});
  }
  void find_tags(Span span) {
    const auto text = std::string_view(html_).substr(0, span.end);
    for (std::size_t at = text.find('<', span.begin); at < text.size();
         at = text.find('<', at + 1)) {
      if (begins_with(text.substr(at), "</form")) markup_.form_ends.push_back(at);
      if (has_body_tag_ || !begins_with(text.substr(at), "<body")) continue;
      const auto body = read_tag(html_, at);
      has_body_tag_ = body.has_value();
      if (body) markup_.body = body->span.end;
    }
  }
  // `name` as a whole, in any case.
  static bool begins_with(std::string_view text, std::string_view name) {
    if (text.size() <= name.size() || to_lower(text.substr(0, name.size())) != name) return false;
    const char next = text[name.size()];
    return is_html_space(next) || next == '/' || next == '>';
  }

  std::size_t offset(const char* source) const {
    return static_cast<std::size_t>(source - html_.data());
  }

  const std::string& html_;
  std::size_t start_;
  Markup markup_;
  std::vector<Step> waiting_;
  std::unordered_set<std::size_t> begins_;  // of the start tags recorded
  std::vector<Span> hidden_;
  bool has_body_tag_ = false;
};

}  // namespace

Markup read_markup(const std::string& html) {
  const HtmlTree tree(html);
  return TreeReader(html, tree.start()).read(tree.document());
}

std::string collapsed(std::string_view text) {
  std::string result;
  bool space = false;
  for (const char c : text) {
    if (is_html_space(c)) {
      space = !result.empty();
      continue;
    }
    if (space) result += ' ';
    space = false;
    result += c;
  }
  return result;
}

std::string option_value(const Element& option) {
  return option.tag.has("value") ? std::string(option.tag.value("value")) : collapsed(option.text);
}

}  // namespace actiond
