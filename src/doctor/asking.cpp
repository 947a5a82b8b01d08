#include "doctor/asking.h"

#include "files/key_file.h"
#include "program/echo.h"
#include "program/program.h"

namespace actiond::doctor {

nlohmann::json ask_worker(const Patient& patient, const Origin& origin, const HttpHeaders& more,
                          std::string_view path, std::string_view body) {
  const KeyRing keys = load_key_ring(patient.settings.key_ring);
  HttpHeaders headers{{std::string(echo_header), echo_token(keys, current_time())},
                      {"Origin", origin.text},
                      {"Content-Type", "application/x-www-form-urlencoded"},
                      {"Content-Length", std::to_string(body.size())}};
  headers.insert(headers.end(), more.begin(), more.end());
  const HttpAnswer answer = send(origin, "POST", path.empty() ? echo_path : path, headers, body);
  const auto told = nlohmann::json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !told.is_object() || !told.contains("origins"))
    throw NoAnswer("no worker with this key ring answers (" + std::to_string(answer.status) + ")");
  return told;
}

std::vector<Origin> answering_origins(const Patient& patient) {
  std::vector<Origin> answering;
  for (const std::string& text : patient.settings.origins) {
    try {
      ask_worker(patient, Origin(text));
      answering.emplace_back(text);
    } catch (const std::exception&) {
    }
  }
  return answering;
}

}  // namespace actiond::doctor
