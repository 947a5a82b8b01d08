#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "action/submission.h"
#include "base/dashed_name.h"
#include "base/encoding.h"
#include "forms/limits.h"
#include "http/local_path.h"
#include "inbox/inbox_form.h"

namespace actiond {
namespace {

constexpr std::string_view trap_attribute = "data-trap";
constexpr int most_days = 36'500;

bool is_ours(std::string_view name) {
  return name == once_field || name == "_shown" || to_lower(name) == "_charset_";
}

// Makes a form of what its author wrote, or finds what is wrong.
class InboxFormReader {
 public:
  InboxFormReader(const OutlineForm& written, const std::string& page,
                  const InboxSettings& settings, PageFindings& findings)
      : written_(written), settings_(settings),
        findings_(findings), form_{"",
                                   page,
                                   written.line,
                                   settings.place(page, written.line),
                                   Level::Public,
                                   "",
                                   "",
                                   "",
                                   {},
                                   true,
                                   {},
                                   {}} {}

  std::shared_ptr<InboxForm> read() {
    const std::size_t before = findings_.size();
    read_name();
    read_level();
    read_thanks();
    read_search();
    read_notify();
    read_life();
    read_controls();
    read_answer();
    if (findings_.size() > before) return nullptr;
    return std::make_shared<InboxForm>(std::move(form_));
  }

 private:
  void report(std::size_t line, std::string what, std::string mend) {
    findings_.push_back({form_.page, line, std::move(what), std::move(mend), true});
  }

  std::string_view attribute(std::string_view name) const {
    const auto found = written_.attributes.find(name);
    return found == written_.attributes.end() ? std::string_view() : trimmed(found->second);
  }

  void read_name() {
    if (!written_.posts)
      report(written_.line, "The form for the inbox is not posted.", "Write method=\"post\".");
    const bool has_one = !written_.targets.empty() &&
                         std::ranges::all_of(written_.targets, [&](const OutlineName& target) {
                           return target.name == written_.targets.front().name;
                         });
    if (has_one) form_.name = written_.targets.front().name;
    if (!is_dashed_name(form_.name) || form_.name == "me")
      report(written_.line, "The form for the inbox names no action of its own.",
             "Write action=\"/actions/NAME\", with a NAME of [a-z0-9-]+.");
    if (form_.name.size() > most_name_bytes)
      report(written_.line, "The name of the form for the inbox is too long.",
             fmt::format("A NAME has at most {} characters.", most_name_bytes));
  }

  void read_level() {
    const std::string_view said = attribute("data-level");
    const std::array levels{Level::Public, Level::Protected, Level::Paid};
    const auto level =
        std::ranges::find_if(levels, [said](Level one) { return to_text(one) == said; });
    if (level != levels.end())
      form_.level = *level;
    else if (written_.attributes.contains("data-level"))
      report(written_.line, fmt::format("There is no level \"{}\".", said),
             "data-level is public, protected or paid.");
  }

  void read_thanks() {
    // As browsers do, but for the percent signs that are there.
    form_.thanks = to_percent_encoded(attribute("data-thanks"), "%/?#[]@!$&'()*+,;=:");
    if (written_.attributes.contains("data-thanks") && !is_local_path(form_.thanks))
      report(written_.line,
             fmt::format("data-thanks=\"{}\" is no path on this site.", attribute("data-thanks")),
             "Write it from the root, as data-thanks=\"/thanks.html\".");
  }

  // Behind the controls: one of them says whom to answer.
  void read_answer() {
    if (!written_.attributes.contains("data-answer")) return;
    form_.answer = attribute("data-answer");
    if (!settings_.texts.contains(form_.answer))
      report(written_.line, fmt::format("There is no text for data-answer=\"{}\".", form_.answer),
             "It names a file NAME.txt in the folder of the mails, such as thanks.");
    if (std::ranges::none_of(form_.controls, asks_for_address))
      report(written_.line, "The form answers by mail, and asks for no address.",
             "Give it an <input type=\"email\">, or remove data-answer.");
  }

  void read_search() {
    if (!written_.attributes.contains("data-search")) return;
    form_.is_searched = attribute("data-search") != "off";
    if (form_.is_searched)
      report(written_.line,
             fmt::format("data-search=\"{}\" says nothing.", attribute("data-search")),
             "Write data-search=\"off\", or leave it out.");
  }

  void read_notify() {
    if (!written_.attributes.contains("data-notify")) return;
    form_.notify = settings_.owners;
    if (attribute("data-notify").find('@') != std::string_view::npos)
      report(written_.line,
             fmt::format("data-notify=\"{}\" says nothing.", attribute("data-notify")),
             "Write data-notify alone: notify of [courier] in the settings has the addresses.");
  }

  void read_life() {
    if (!written_.attributes.contains("data-keep-days")) return;
    const std::string_view said = attribute("data-keep-days");
    int days = 0;
    const auto read = std::from_chars(said.data(), said.data() + said.size(), days);
    if (read.ptr == said.data() + said.size() && days >= 1 && days <= most_days)
      form_.kept_for = std::chrono::days(days);
    else
      report(written_.line, fmt::format("data-keep-days=\"{}\" is no number of days.", said),
             fmt::format("Write one from 1 to {}.", most_days));
  }

  void read_controls() {
    for (const std::size_t line : written_.nameless)
      report(line, "A control has no name: what is typed into it is not sent.",
             "Give it a name, or remove it.");
    std::vector<std::string> names;
    std::map<std::string, std::vector<WrittenControl>> by_name;
    for (const OutlineControl& control : written_.controls) {
      if (!control.sends || is_ours(control.name)) continue;
      if (control.written.has(trap_attribute)) {
        if (!form_.trap.empty())
          report(control.line, "The form has a second spam trap.", "Leave it one.");
        if (is_filled_at_first(control))
          report(control.line,
                 fmt::format("The spam trap \"{}\" is never empty: it catches everybody.",
                             control.name),
                 "Make it an <input> without a value.");
        form_.trap = control.name;
        continue;
      }
      if (control.name.size() > max_name_bytes)
        report(control.line, "The name of a control is too long.",
               fmt::format("A name has at most {} bytes.", max_name_bytes));
      if (control.name.find_first_of("\t\r\n") != control.name.npos)
        report(control.line, "The name of a control has a tab or a line break.",
               "Write it on one line.");
      if (!by_name.contains(control.name)) names.push_back(control.name);
      by_name[control.name].push_back(control.written);
    }
    std::erase_if(names, [&](const std::string& name) {
      return std::ranges::all_of(by_name[name], &WrittenControl::is_fallback) &&
             by_name.erase(name) > 0;
    });
    if (by_name.empty())
      report(written_.line, "The form for the inbox asks for nothing.", "Give it a field.");
    if (by_name.contains(form_.trap))
      report(written_.line, fmt::format("The spam trap \"{}\" is a field as well.", form_.trap),
             "Give the field that people do not see a name of its own.");
    if (names.size() > most_controls)
      return report(written_.line, fmt::format("The form asks for {} fields.", names.size()),
                    fmt::format("A form without code has at most {}.", most_controls));
    for (const std::string& name : names) add_control(name, std::move(by_name[name]));
    require_room_for_files();
  }

  void require_room_for_files() {
    const auto file = std::ranges::find_if(form_.controls, &ControlRules::is_file);
    if (file == form_.controls.end()) return;
    if (!written_.sends_files)
      report(written_.line,
             fmt::format("Of the file \"{}\" the form sends the name alone.", file->name()),
             "Write enctype=\"multipart/form-data\".");
  }

  void add_control(const std::string& name, std::vector<WrittenControl> written) {
    try {
      form_.controls.emplace_back(name, std::move(written), settings_.most_file_bytes);
    } catch (const WrongControl& wrong) {
      report(wrong.line, wrong.what(), wrong.mend);
    }
  }

  const OutlineForm& written_;
  const InboxSettings& settings_;
  PageFindings& findings_;
  InboxForm form_;
};

}  // namespace

std::shared_ptr<InboxForm> read_inbox_form(const OutlineForm& written, const std::string& page,
                                           const InboxSettings& settings, PageFindings& findings) {
  return InboxFormReader(written, page, settings, findings).read();
}

}  // namespace actiond
