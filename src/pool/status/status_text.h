// A snapshot for people, and for programs.
#pragma once

#include <string>

#include "pool/status/snapshot.h"

namespace actiond {

// Tables for a terminal, and the same ones as a page.
std::string to_status_text(const Snapshot& snapshot);
std::string to_status_page(const Snapshot& snapshot);
std::string to_status_json(const Snapshot& snapshot);

// Below which `part` of all lie, in milliseconds: "0.38", or "-".
std::string time_text(const DurationSum& of, double part);

}  // namespace actiond
