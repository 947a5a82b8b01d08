// Findings about the schema of either engine.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "data/schema.h"

namespace actiond::doctor {

// `why` and `mend` are of migrations that did not run yet.
template <class Report>
void report_migrations(const SchemaState& schema, const std::string& why, const std::string& mend,
                       Report report) {
  if (!schema.newer.empty())
    report(schema.newer, "Every action answers 503.",
           "Install the newer program, or restore an older backup.");
  if (!schema.missing.empty())
    report(fmt::format("{} did not run yet", fmt::join(schema.missing, ", ")), why, mend);
  for (const std::string& edited : schema.edited)
    report(fmt::format("the migration {} was edited since", edited),
           "A new database is made otherwise than this one.",
           "Put its file back as it was, and write the change as a migration of its own.");
}

}  // namespace actiond::doctor
