// The parameters and headers that nginx passes on, as the worker sees them.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/asking.h"

namespace actiond::doctor {
namespace {

constexpr const char* parameters =
    "Include the shipped fastcgi.conf, as site.conf does, and no "
    "fastcgi_params.";

std::vector<std::string> values(const nlohmann::json& told, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& header : told["headers"])
    if (header[0] == name) found.push_back(header[1]);
  return found;
}

bool is_nginx_id(const std::string& id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == id.npos;
}

}  // namespace

Findings check_passed(const Patient& patient) {
  Findings found;
  for (const Origin& origin : answering_origins(patient)) {
    const auto told = ask_worker(patient, origin,
                                 {{"Proxy", "http://doctor.invalid"},
                                  {"X_Doctor_Line", "underscores"},
                                  {"Sec-Fetch-Site", "same-origin"}},
                                 "/actions/./%64octor?q=1", "a=1");
    const auto report = [&](std::string what, std::string why, std::string mend) {
      found.push_back({fmt::format("{}: {}", origin.text, what), std::move(why), std::move(mend)});
    };
    if (!values(told, "proxy").empty())
      report("a header `Proxy:` reaches the worker as HTTP_PROXY",
             "Whoever sends one can lead a program that an action starts through a proxy of theirs "
             "(httpoxy).",
             parameters);
    if (!values(told, "x-doctor-line").empty())
      report("a header with '_' in its name reaches the worker",
             "Behind FastCGI it looks like one with '-', which nginx may have made itself.",
             "Set `underscores_in_headers off;` in nginx's server block.");
    if (told["path"] != "/actions/doctor")
      report(fmt::format("the path arrives as {}", told["path"].dump()),
             "What nginx matched and what actiond answers are two different paths.",
             std::string("Pass `fastcgi_param DOCUMENT_URI $document_uri;`. ") + parameters);
    if (values(told, "host") != std::vector{origin.authority})
      report(fmt::format("`Host: {}` arrives as {}", origin.authority,
                         nlohmann::json(values(told, "host")).dump()),
             "A repeated one is refused; a changed one is what links are wrong by.", parameters);
    if (values(told, "origin") != std::vector{origin.text})
      report(fmt::format("`Origin` arrives as {}", nlohmann::json(values(told, "origin")).dump()),
             "Every form that a browser sends is refused with 403.", parameters);
    if (values(told, "sec-fetch-site") != std::vector<std::string>{"same-origin"})
      report("`Sec-Fetch-Site` does not arrive as it was sent",
             "It is what tells this site's forms from another's.", parameters);
    if (!is_nginx_id(told["id"]))
      report("nginx's request id does not arrive",
             "What a visitor reports cannot be found in nginx's log.",
             std::string("Pass `fastcgi_param REQUEST_ID $request_id;`. ") + parameters);
    if (!told["deadline"])
      report("the time of the request does not arrive",
             "A request that nginx has given up on is run all the same.",
             std::string("Pass `fastcgi_param REQUEST_TIME $msec;`. ") + parameters);
    if (told["contentLength"] != 3 || told["body"] != 3)
      report(fmt::format("of a body of 3 bytes {} arrive, announced as {}", told["body"].dump(),
                         told["contentLength"].dump()),
             "No form can be read.",
             std::string("Pass `fastcgi_param CONTENT_LENGTH $content_length;`. ") + parameters);
  }
  return found;
}

}  // namespace actiond::doctor
