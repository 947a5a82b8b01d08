// How several checks ask the pool through nginx.
#pragma once

#include <nlohmann/json.hpp>

#include "doctor/checks.h"
#include "doctor/http.h"

namespace actiond::doctor {

// The echo of a request to `origin`, with `more` headers, by the worker that got it: see echo.h.
// Throws NoAnswer when no worker with this key ring answers; the check "origins" tells why.
nlohmann::json ask_worker(const Patient& patient, const Origin& origin,
                          const HttpHeaders& more = {}, std::string_view path = "",
                          std::string_view body = "");

// The origins behind which a worker answers; the others are findings of "origins" alone.
std::vector<Origin> answering_origins(const Patient& patient);

}  // namespace actiond::doctor
