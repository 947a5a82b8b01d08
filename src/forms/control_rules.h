// The controls of one name in a page, judged as a browser judges them: the value sanitization and
// the constraint validation of HTML, sections 4.10.5 and 4.10.21.  It is stricter where form fields
// of C++ are: a required text needs something that can be seen, a web address is http or https, a
// length has a limit.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "forms/accepted_files.h"
#include "forms/form.h"
#include "forms/pattern.h"
#include "forms/written_control.h"

namespace actiond {

// Of a text whose control states no maxlength.
constexpr std::int64_t default_line_length = 1000, default_area_length = 10'000;
// Of any text, whatever its maxlength says.
constexpr std::int64_t most_characters = 100'000;

// A control that no rule can be made of.
struct WrongControl : std::invalid_argument {
  WrongControl(const std::string& what, std::string how, std::size_t where)
      : std::invalid_argument(what), mend(std::move(how)), line(where) {}
  std::string mend;
  std::size_t line;
};

// The value of a number, date or time input on the scale that its `step` counts on.
struct Measure;

class ControlRules {
 public:
  // `written` are those of one name, at least one that is no fallback, in the order of the page:
  // radio buttons, checkboxes and buttons may share it, and hidden fields may stand before them.  A
  // file has at most `most_file_bytes`.  Throws WrongControl.
  ControlRules(std::string name, std::vector<WrittenControl> written,
               std::int64_t most_file_bytes = 1024 * 1024);
  ControlRules(ControlRules&&) = default;
  ControlRules& operator=(ControlRules&&) = default;

  const std::string& name() const { return name_; }
  // For the limits of a body and the catalogue; points into this.
  const FieldDescription& description() const { return description_; }
  // The values that count, none for a control that was left empty; or what is wrong.
  std::variant<std::vector<std::string>, Wrong> read(const SentValuesOfField& sent) const;
  // The same of a file.
  std::variant<std::optional<File>, Wrong> read_file(const SentValuesOfField& sent) const;
  bool is_file() const { return judged_ == Judged::File; }
  friend bool takes_the_same(const ControlRules& one, const ControlRules& other);

 private:
  enum class Judged {
    Line,
    Area,
    Email,
    Url,
    Measure,
    Range,
    Color,
    File,
    Box,
    Boxes,
    Choice,
    Choices
  };
  using Read = std::variant<std::vector<std::string>, Wrong>;

  const WrittenControl& first() const { return written_.front(); }
  bool has_several() const;
  bool is_labelled_by_browser() const;
  Judged judged_as() const;
  void take_twins();
  void choose_rules();
  void read_lengths();
  void read_measure();
  void read_pattern();
  void read_accept();
  void require_options() const;
  void require_own_value() const;
  WrongControl no_value(const std::string& why, const std::string& mend) const;
  FieldDescription describe() const;
  ControlSchema schema(bool is_whole) const;

  Read judge(const SentValuesOfField& sent) const;
  Read read_line(std::string value) const;
  Read read_addresses(std::string value) const;
  std::vector<std::string_view> addresses_in(std::string_view value) const;
  Read read_measured(std::string_view value) const;
  Read read_box(const SentValuesOfField& sent) const;
  Read read_choices(const SentValuesOfField& sent) const;
  // The value of a text as its browser has it.
  std::string sanitized(std::string_view text) const;
  // Without the breaks that its browser may have put in behind its rules.
  std::string unwrapped(std::string_view text) const;
  std::optional<Wrong> wrong_length(std::string_view value) const;
  std::optional<Wrong> wrong_pattern(std::string_view value) const;

  std::string name_;
  std::vector<WrittenControl> written_;
  Judged judged_ = Judged::Line;
  bool is_required_ = false, has_fallback_ = false;
  bool is_wrapped_ = false;  // wrap="hard"
  std::int64_t min_length_ = 0, max_length_ = default_line_length;
  std::string own_value_;  // of the page, where its length is wrong; a browser sends it unedited
  const Measure* measure_ = nullptr;
  std::optional<double> min_, max_, step_;
  double step_base_ = 0;
  std::optional<Pattern> pattern_;
  AcceptedFiles accepted_;
  std::int64_t most_file_bytes_;
  std::vector<std::string> options_;
  std::vector<std::string> twins_;  // what hidden fields before a checkbox send for "not ticked"
  FieldDescription description_;
};

// Whether both have one name and take the same values, whatever else their authors wrote.
bool takes_the_same(const ControlRules& one, const ControlRules& other);

}  // namespace actiond
