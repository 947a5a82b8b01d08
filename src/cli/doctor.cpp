#include <fmt/core.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/doctor/checks.h"

namespace actiond {
namespace {

using doctor::Findings;

Findings look(const doctor::Check& check, const doctor::Patient& patient) {
  try {
    return check.look(patient);
  } catch (const std::exception& error) {
    return {{fmt::format("could not look: {}", error.what()), "What cannot be seen may be wrong.",
             "Run the doctor as actiond's own user or as root, on the machine of the site."}};
  }
}

void examine(const doctor::Patient& patient, const std::vector<std::string>& skipped) {
  std::size_t looked = 0, findings = 0;
  for (const doctor::Check& check : doctor::checks()) {
    if (std::find(skipped.begin(), skipped.end(), check.name) != skipped.end()) continue;
    ++looked;
    for (const auto& [what, why, mend] : look(check, patient)) {
      ++findings;
      fmt::print("{}: {}\n    why: {}\n    mend: {}\n", check.name, what, why, mend);
    }
  }
  fmt::print("{} checks, {} finding{}\n", looked, findings, findings == 1 ? "" : "s");
  if (findings > 0) throw CLI::RuntimeError(1);
}

}  // namespace

void add_doctor(CLI::App& app, const SettingsFile& settings) {
  const auto skipped = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand(
      "doctor", "Look at the site as it runs; exit 0 when all is well, 1 with findings");
  std::vector<std::string> names;
  std::string footer = "The checks:\n";
  for (const doctor::Check& check : doctor::checks()) {
    names.emplace_back(check.name);
    footer += fmt::format("  {:<10}{}\n", check.name, check.about);
  }
  command->add_option("--skip", *skipped, "A check to leave out; may be given again")
      ->check(CLI::IsMember(names));
  command->footer(footer);
  command->callback([&settings, skipped] { examine({settings.load(), settings.path}, *skipped); });
}

}  // namespace actiond
