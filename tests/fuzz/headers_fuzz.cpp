// libFuzzer: what a stranger puts into `Cookie`, `Accept` and the way on after signing in.  Nothing that
// we did not sign is a session or a device, and no path leads to another site.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/accept.h"
#include "core/cookie.h"
#include "core/device.h"
#include "core/encoding.h"
#include "core/session.h"
#include "fuzz/demand.h"

using namespace actiond;

namespace {

const KeyRing keys({{"k1", std::string("\x01\x9c\x42\xf7\x11\x3a\xd5\x88\x60\xeb\x27\x5e\xb1\x04\xcd\x73"
                                       "\x9a\x36\xe2\x4f\x58\xa7\x0d\xc3\x7b\x15\xfe\x69\x82\xd0\x2c\xbe")}});

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  preferred_media(text);

  Request request;
  request.headers.push_back({"cookie", text});
  for (const bool https : {false, true}) {
    request.https = https;
    if (const auto token = session_cookie(request)) {
      fuzz::demand(carries_session_cookie(request), "a session that did not come");
      fuzz::demand(!verify(*token, keys), "a session that nobody signed");
    }
    if (const auto token = device_cookie(request))
      fuzz::demand(!verify_device(*token, "ada@example.com", keys), "a device that nobody signed");
  }
  fuzz::demand(!verify(text, keys), "a session that nobody signed");

  if (is_local_path(text)) {
    fuzz::demand(text[0] == '/', "a path from somewhere else");
    fuzz::demand(size == 1 || (text[1] != '/' && text[1] != '\\'), "another host");
    for (const char c : text)
      fuzz::demand(static_cast<unsigned char>(c) > ' ' && c != '\\' && c != '\x7F',
                   "what a browser drops or turns around");
  }
  return 0;
}
