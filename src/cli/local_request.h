// A request from this machine's command line, as nginx would hand on that of a shell on this site.
#pragma once

#include <string>
#include <string_view>

#include "forms/field.h"
#include "http/request.h"

namespace actiond {

// `kind` and something random: "call-…".
std::string local_id(std::string_view kind);
// Posts `fields` to `action`.  Its id is of that kind.
Request local_request(std::string_view kind, std::string_view action, const FieldValues& fields);
// Asks the view for what it shows, with `fields` as its query.
Request local_question(std::string_view kind, std::string_view view, const FieldValues& fields);

}  // namespace actiond
