#include "mail/mail.h"

#include <nlohmann/json.hpp>

namespace actiond {

// U+FFFD stands for what is no UTF-8: a mail with a wrong letter is better than none.
std::string to_json(const MailValues& values) {
  return nlohmann::json(values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

MailValues mail_values_from_json(std::string_view json) {
  return nlohmann::json::parse(json).get<MailValues>();
}

}  // namespace actiond
