#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <memory>
#include <regex>
#include <stdexcept>

#include "action/catalogue.h"
#include "base/file_text.h"
#include "cli/commands.h"
#include "cli/new_field.h"
#include "cli/outline.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view trap = "homepage";

std::string in_words(std::string name) {
  std::ranges::replace(name, '-', ' ');
  std::ranges::replace(name, '_', ' ');
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

// "SignUpEvent"
std::string type_name(const std::string& name) {
  std::string type;
  bool starts = true;
  for (const char c : name) {
    if (c != '-')
      type += starts ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    starts = c == '-';
  }
  return type;
}

FormDescription form_of(const std::vector<NewField>& fields) {
  FormDescription form;
  for (const NewField& field : fields) {
    Rules rules = field.type->checked;
    rules.required = field.is_required();
    form.fields.push_back({field.name, field.type->kind, rules});
  }
  return form;
}

std::string indented(const std::string& html) {
  std::string text = "  ";
  for (std::size_t at = 0; at < html.size(); ++at) {
    text += html[at];
    if (html[at] == '\n' && at + 1 < html.size()) text += "  ";
  }
  return text;
}

Replacements words_of(const std::string& name, const std::string& level,
                      const std::vector<NewField>& fields) {
  const bool is_public = level == "public";
  const std::string type = type_name(name);
  std::string members, rules, columns, marks, values, definitions, sent;
  if (!is_public) {
    columns = "user_id";
    marks = "?";
    values = "user.id()";
    definitions = ",\n  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE";
  }
  const auto add = [](std::string& list, std::string_view separator, const std::string& item) {
    list += (list.empty() ? "" : std::string(separator)) + item;
  };
  for (const NewField& field : fields) {
    const std::string member = underscored(field.name);
    const bool has_value = field.is_text() || field.is_optional();
    members += fmt::format("  {} {}{};\n", field.member(), member, has_value ? "" : "{}");
    rules += fmt::format("        {{\"{}\", &{}::{}, {{{}}}}},\n", field.name, type, member,
                         field.rules());
    add(columns, ", ", member);
    add(marks, ", ", "?");
    add(values, ", ", "input." + member);
    definitions += fmt::format(",\n  {} {}{}", member, field.type->column,
                               field.is_optional() ? "" : " NOT NULL");
    add(sent, ", ", fmt::format("{{\"{}\", \"{}\"}}", field.name, field.type->sample));
  }

  Action action{.name = name, .guard = {}, .form = form_of(fields)};
  if (is_public) action.spam_trap = trap;
  std::string visitor, cookie;
  if (!is_public) {
    visitor = "  const std::string ada = site.sign_up(\"ada@example.com\");\n";
    cookie = ", ada";
  }
  if (level == "paid")
    visitor += "  site.grant(\"ada@example.com\", site.now + std::chrono::hours(1));\n";
  return {{"@NAME@", name},
          {"@TITLE@", in_words(name)},
          {"@TYPE@", type},
          {"@TABLE@", underscored(name)},
          {"@LEVEL@", level},
          {"@PROOF@", is_public         ? ""
                      : level == "paid" ? "const PaidUser& user, "
                                        : "const User& user, "},
          {"@FACETS@", is_public ? fmt::format(", SpamTrap{{\"{}\"}}", trap) : ""},
          {"@MEMBERS@", members},
          {"@RULES@", rules},
          {"@COLUMNS@", columns},
          {"@MARKS@", marks},
          {"@VALUES@", values},
          {"@DEFINITIONS@", definitions},
          {"@FORM@", indented(form_skeleton(action))},
          {"@VISITOR@", visitor},
          {"@SENT@", sent},
          {"@COOKIE@", cookie}};
}

// The number behind the last one.
std::string next_migration(const fs::path& folder) {
  int last = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    last = std::max(last, std::atoi(entry.path().filename().c_str()));
  return fmt::format("{:04}", last + 1);
}

std::string read(const fs::path& file) {
  auto text = file_text(file);
  if (!text) throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  return *std::move(text);
}

// Also of an action that the library adds where a site has its page or settings.
bool is_taken(std::string_view name, Site site) {
  PaymentSettings payments;
  payments.takes_events = true;
  payments.has_session_page = true;
  site.payments = std::make_shared<const PaymentSettings>(std::move(payments));
  site.inbox_forms.has_pages = true;
  return name == "me" || catalogue_of(site).find(name) != nullptr;
}

// By a step of the library or of the site.
bool is_table(const std::string& name, const Site& site) {
  const Schema schema = schema_of(site);
  const std::regex made(fmt::format("CREATE (VIRTUAL )?TABLE (IF NOT EXISTS )?\"?{}\\b", name),
                        std::regex::icase);
  const auto makes_it = [&](const Migration& step) {
    return std::regex_search(step.sql.begin(), step.sql.end(), made);
  };
  return std::ranges::any_of(schema.library, makes_it) ||
         std::ranges::any_of(schema.site, makes_it);
}

// `list` with the action's line behind the last one.
std::string with_line(const std::string& list, const std::string& function) {
  std::size_t at = list.find("\nSite site()");
  if (const std::size_t last = list.rfind("\nAction "); last != list.npos)
    at = list.find('\n', last + 1);
  if (at == list.npos)
    throw std::runtime_error("src/actions.h has neither an action nor the line `Site site();`");
  return list.substr(0, at) + fmt::format("\nAction {}();", function) + list.substr(at);
}

}  // namespace

void command::new_action(const Site& site, const fs::path& folder, const std::string& name,
                         const std::string& level, const std::vector<std::string>& field_texts) {
  require_identifier("NAME", name);
  if (name.find('_') != name.npos) throw WrongUsage("NAME", "has '-' where words meet, not '_'");
  const std::vector<NewField> fields = parse_fields(field_texts);
  if (is_taken(name, site))
    throw std::runtime_error(fmt::format("the site has an action {} already", name));
  if (is_table(underscored(name), site))
    throw std::runtime_error(fmt::format("there is a table {} already", underscored(name)));
  if (level == "public" && std::ranges::count(fields, trap, &NewField::name) > 0)
    throw WrongUsage("FIELD:TYPE",
                     fmt::format("cannot be \"{}\", which is the spam trap of the form", trap));
  const fs::path outline = kit() / "conf" / "new-action";
  const fs::path list = folder / "src" / "actions.h";
  const std::string function = underscored(name);
  const std::string listed = with_line(read(list), function);

  const std::vector<std::pair<fs::path, fs::path>> files{
      {"action.cpp", fs::path("src") / (function + ".cpp")},
      {"table.sql",
       fs::path("sql") / fmt::format("{}_{}.sql", next_migration(folder / "sql"), function)},
      {"page.html", fs::path("static") / (name + ".html")},
      {"test.cpp", fs::path("tests") / (function + "_test.cpp")}};
  for (const auto& [from, to] : files)
    if (fs::exists(folder / to))
      throw std::runtime_error(fmt::format("{} is there already", (folder / to).string()));

  const Replacements words = words_of(name, level, fields);
  try {
    for (const auto& [from, to] : files) put(outline / from, folder / to, words);
    std::ofstream out(list, std::ios::binary);
    out << listed;
    out.close();
    if (!out) throw std::runtime_error(fmt::format("{} could not be written", list.string()));
  } catch (...) {
    std::error_code ignored;
    for (const auto& [from, to] : files) fs::remove(folder / to, ignored);
    throw;
  }
  fmt::print("{}: {}, {}, {}, {} and a line in src/actions.h\n", name, files[0].second.string(),
             files[1].second.string(), files[2].second.string(), files[3].second.string());
}

}  // namespace actiond
