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

// What a form has for one field name, to tell that it is wrong.
struct PageField {
  std::vector<Tag> controls;  // in tree order, neither hidden ones nor buttons
  std::string id;             // the first has it or gets it
  std::string label;          // of the first; empty for a group
  std::string message_id;     // for a message that has no place
  // Where a new message goes: behind the last control, or behind the label around it.
  std::optional<std::size_t> behind;
};

struct PageForm {
  Tag tag;
  std::vector<Control> controls;  // in tree order; those without a name and `_once` left out
  std::map<std::string, PageField, std::less<>> fields;
};

// An element with data-error-for.
struct MessagePlace {
  Tag tag;
  Span content;
  std::string id;  // it has it or gets it
};

// An element with data-each, and what a row fills in it.
struct RepeatedElement {
  Tag tag;
  Span whole;                                             // with its own tags
  std::multimap<std::string, Span, std::less<>> texts;    // contents with data-field
  std::multimap<std::string, Tag, std::less<>> controls;  // buttons and hidden inputs, by name
};

enum class ShownTo { SignedIn, SignedOut, Paid, Unpaid };

struct PageParts {
  std::vector<PageForm> forms;
  std::map<std::string, std::set<std::size_t>, std::less<>> forms_by_action;
  // By form (or `nowhere`: in none) and field name.
  std::map<std::pair<std::size_t, std::string>, MessagePlace> message_places;
  std::multimap<std::string, Span, std::less<>> outputs;
  std::multimap<std::string, RepeatedElement, std::less<>> repeated;
  std::vector<Span> viewer_names;
  std::vector<Span> viewer_emails;
  std::vector<std::pair<ShownTo, Tag>> shown;
  std::vector<Tag> autofocus;
  std::size_t main = 0;  // where the content of <main> begins, else that of <body>
  std::string summary_id;
};

PageParts read_parts(const std::string& html);

}  // namespace actiond
