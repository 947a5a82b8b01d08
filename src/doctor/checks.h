// The checks of `actiond doctor`, one file a kind.  Each looks at the real thing, changes nothing,
// and returns what it found; one that cannot look throws, and that is a finding too.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "doctor/finding.h"
#include "program/settings.h"

namespace actiond::doctor {

struct Patient {
  Settings settings;
  std::filesystem::path settings_file;
};

struct Check {
  std::string_view name;
  std::string_view about;
  Findings (*look)(const Patient&);
};

// In the order in which one thing rests on another.
std::vector<Check> checks();

Findings check_keys(const Patient&);
Findings check_clock(const Patient&);
Findings check_database(const Patient&);
// The part of it that is about a server.
Findings check_postgres(const Patient&);
Findings check_hosts(const Patient&);
Findings check_disk(const Patient&);
Findings check_backup(const Patient&);
Findings check_mail(const Patient&);
Findings check_stripe(const Patient&);
Findings check_limits(const Patient&);
Findings check_socket(const Patient&);
Findings check_nginx(const Patient&);
Findings check_origins(const Patient&);
Findings check_passed(const Patient&);
Findings check_bodies(const Patient&);
// The part of it that a reload may have changed: bodies that nginx refuses and an action takes.
Findings check_refused_bodies(const Patient&);
Findings check_pages(const Patient&);
Findings check_gate(const Patient&);
Findings check_tls(const Patient&);

}  // namespace actiond::doctor
