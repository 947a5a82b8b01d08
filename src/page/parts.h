// The parts of a page that an answer may change: its forms with their controls, and the places for
// messages, results and the viewer.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "page/attribute.h"
#include "page/condition.h"
#include "page/markup.h"
#include "page/tag.h"

namespace actiond {

enum class ControlKind {
  Text,  // any input that shows its value
  Area,  // textarea
  Hidden,
  Unkept,   // password and file: never filled
  Check,    // checkbox and radio
  Choice,   // select
  Choices,  // select multiple
  Button,   // never filled, but may tell which form was sent
};

struct Option {
  Tag tag;
  std::string value;
};

struct Control {
  ControlKind kind;
  Tag tag;
  std::string name;
  std::string value;            // as the author wrote it
  bool is_disabled = false;     // sends nothing
  std::optional<Span> content;  // of an area
  std::vector<Option> options;
};

// An element that hides what is in it: a closed <details> or <dialog>, a popover, one that is
// hidden.
struct Cover {
  Tag tag;
  std::size_t outer;  // the index of the cover around it, or `nowhere`
};

// The controls of one field name in a form, and where its message goes.
struct PageField {
  std::vector<Tag> controls;        // in tree order, neither hidden ones nor buttons
  std::vector<std::size_t> covers;  // of the controls, those that have one
  std::string id;                   // the first has it or gets it
  std::string label;                // of the first; empty for a group
  std::string message_id;           // for a message that has no place
  // Where a new message goes: behind the last control and the label that belongs to it.
  std::optional<std::size_t> behind;
};

struct PageForm {
  Tag tag;
  std::vector<Control> controls;  // in tree order; no control without a name or is_never_filled
  std::set<std::string, std::less<>> further_names;  // that its controls send besides their own
  std::map<std::string, PageField, std::less<>> fields;
  std::size_t cover;  // the innermost around it, or `nowhere`
};

// An element with data-error-for.
struct MessagePlace {
  Tag tag;
  Span content;
  std::string id;  // it has it or gets it
  std::size_t cover;
};

enum class FreshWord { Once, Shown, Next };

// A control whose value is one of the words of `Fresh` (page.h).
struct FreshControl {
  FreshWord word;
  Tag tag;
};

struct RepeatedElement;

struct FilledText {
  Span content;
  bool is_time;  // of a <time>: people read no RFC 3339
};

// The places that values fill: those of a row, or those of the page outside of all rows.
struct Places {
  std::multimap<std::string, FilledText, std::less<>> texts;  // by data-field
  std::vector<FilledTag> attributes;
  std::vector<ConditionalPart> conditions;
  std::vector<Control> controls;    // of a row alone
  std::vector<FreshControl> fresh;  // of a row alone
  std::vector<RepeatedElement> repeated;
};

// An element with data-each.
struct RepeatedElement {
  std::string list;
  Tag tag;
  Span whole;  // with its own tags
  Places places;
  // Of an option: the select that it is in, and whether that takes several.
  std::string select = {};
  std::size_t form = nowhere;  // of the select, unless that is in a row too
  bool is_one_of_several = false;
};

struct PageParts {
  std::vector<PageForm> forms;
  std::vector<Cover> covers;
  std::map<std::string, std::set<std::size_t>, std::less<>> forms_by_action;
  // By form (or `nowhere`: in none) and field name.
  std::map<std::pair<std::size_t, std::string>, MessagePlace> message_places;
  std::multimap<std::string, Span, std::less<>> outputs;
  Places places;
  std::vector<Span> viewer_names;
  std::vector<Span> viewer_emails;
  std::vector<std::pair<std::string, Tag>> shown;  // by the value of data-show
  std::vector<Tag> autofocus;
  std::string lang;                  // of <html>
  std::optional<std::size_t> title;  // where the content of <title> begins
  std::vector<FreshControl> fresh;   // those in repeated elements as well
  std::size_t main = 0;              // where the content of <main> begins, else that of <body>
  std::string summary_id;
};

// `hosts` are those of the site, as `host_of` (http/url.h) has them: a form that names one of them
// posts to the site.
PageParts read_parts(const std::string& html, const std::vector<std::string>& hosts);

}  // namespace actiond
