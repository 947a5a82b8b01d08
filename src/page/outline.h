// The outline of a page: all that it asks of the actions, and on which lines.  `actiond check`
// compares it with the forms in C++.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "forms/written_control.h"
#include "page/page.h"
#include "page/parts.h"

namespace actiond {

// Of a form that is an action without code: inbox/inbox_form.h.
constexpr std::string_view inbox_attribute = "data-inbox";

struct OutlineName {
  std::string name;
  std::size_t line;
};

struct OutlineControl {
  std::string name;
  ControlKind kind;
  bool sends;         // not disabled, and no button that only scripts use
  std::string value;  // of a <textarea>: its content as markup
  bool has_word;      // its value is a word of `Fresh`, written so that nginx finds it
  std::size_t line;
  WrittenControl written;  // with all its attributes
};

struct OutlineChoice {
  std::string field;
  OutlineName value;
};

struct OutlineForm {
  bool posts;                        // its method is post
  std::string charset;               // accept-charset
  std::vector<OutlineName> targets;  // what stands behind /actions/, of the form and its buttons
  std::vector<OutlineControl> controls;
  std::vector<OutlineChoice>
      choices;                        // values of options, radio buttons, hidden fields and buttons
  std::vector<OutlineName> further;   // names that controls send besides their own, as dirname
  std::vector<OutlineName> messages;  // data-error-for in it
  std::size_t line;
  std::map<std::string, std::string, std::less<>> attributes = {};
  std::vector<OutlineName> encodings = {};  // enctype, and formenctype of its buttons
  std::vector<OutlineName> methods = {};    // formmethod of its buttons
  std::vector<std::size_t> nameless = {};   // lines of controls that would send something
  bool sends_files = false;  // as multipart/form-data, whichever of its buttons is pressed
};

struct OutlineList {
  OutlineName name;
  bool can_be_repeated;
};

// Where the page asks for a value.
struct OutlinePlace {
  std::string name;
  std::string where;  // as the author wrote it: `data-if="!name"`, `href="/x?id={name}"`
  enum class Kind { Text, Condition, Attribute, NeverFilled } kind;
  std::optional<std::size_t> list;  // an index in `PageOutline::lists`
  std::size_t line;
};

// An attribute that is none of ours, and nearly one.
struct OutlineMisspelt {
  std::string name;
  std::string_view meant;  // attribute_meant_by (page/misspelt.h)
  std::string value;
  std::optional<std::size_t> form;  // in which it stands, or whose it is
  bool is_of_form;
  std::size_t line;
};

struct PageOutline {
  std::vector<OutlineForm> forms;
  std::vector<OutlineName>
      outputs;  // without those that have a `for`: a script of the page fills them
  std::vector<OutlineList> lists;
  std::vector<OutlinePlace> places;
  std::vector<OutlineName> viewers;   // values of data-user
  std::vector<OutlineName> shown_to;  // values of data-show
  std::vector<OutlineName> words;     // of `Fresh`, where they are no value of a control
  std::vector<OutlineName> charsets;  // that a <meta> declares
  std::vector<OutlineName> bases;     // href of <base>
  std::vector<OutlineMisspelt> misspelt;
  std::vector<std::size_t> not_utf8;  // the first line that is not UTF-8, if any
};

// Whether it is sent with a value that nobody gave it.
bool is_filled_at_first(const OutlineControl& control);

// Throws std::invalid_argument as `Page` does.
PageOutline outline_of(const std::string& html, const PageAddress& address);

}  // namespace actiond
