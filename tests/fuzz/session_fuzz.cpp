// libFuzzer: the value of a session or device cookie: what was signed for one thing, changed.  The
// first byte says which, then come changes of three bytes: how, where, and with what.  Only what we
// signed, byte for byte, is ever taken, and only for what it was signed for.
//
// Covers: access/token.cpp access/session.cpp access/device.cpp

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "access/device.h"
#include "access/session.h"
#include "access/token.h"
#include "fuzz/demand.h"

using namespace actiond;

namespace {

const Key now{"k1",
              "\x01\x9c\x42\xf7\x11\x3a\xd5\x88\x60\xeb\x27\x5e\xb1\x04\xcd\x73"
              "\x9a\x36\xe2\x4f\x58\xa7\x0d\xc3\x7b\x15\xfe\x69\x82\xd0\x2c\xbe"};
const Key before{"k0",
                 "\x6c\x21\xf0\x8d\x37\xda\x14\xb9\x52\xef\x0b\x96\x43\xc8\x7d\xa1"
                 "\xe5\x1e\x80\x3b\xd7\x64\x09\xf2\xac\x5d\x38\x91\x4a\xb3\x76\xdc"};
const KeyRing keys({now, before});
const KeyRing keys_before({before});
const KeyRing keys_of_others({{now.id, before.secret}});
const std::string ada = "ada@example.com";
const std::string bob = "bob@example.com";

const SessionId session = SessionId::make();
const DeviceId device = DeviceId::make();

enum For { a_session, ada_device, bob_device, nothing };
struct Signed {
  std::string token;
  For purpose;
};
const std::array all{Signed{sign(session, keys), a_session},
                     Signed{sign(session, keys_before), a_session},
                     Signed{sign(device, ada, keys), ada_device},
                     Signed{sign(device, ada, keys_before), ada_device},
                     Signed{sign(device, bob, keys), bob_device},
                     Signed{sign(session, keys_of_others), nothing},
                     Signed{sign_token("session.", "not sixteen bytes", keys), nothing},
                     Signed{sign_token("", "sixteen bytes: 3", keys), nothing},
                     Signed{"", nothing}};

bool was_signed(std::string_view token, For purpose) {
  return std::ranges::any_of(
      all, [&](const Signed& one) { return one.purpose == purpose && one.token == token; });
}

void change(std::string& text, std::uint8_t how, std::size_t where, char with) {
  where = std::min(where, text.size());
  switch (how % 5) {
    case 0: text.insert(where, 1, with); break;
    case 1: text.erase(where, 1); break;
    case 2: text.erase(where); break;
    case 3:
      text += all[static_cast<unsigned char>(with) % all.size()].token.substr(0, where);
      break;
    default: text.replace(where, 1, 1, with);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string token = all[data[0] % all.size()].token;
  for (std::size_t at = 1; at + 2 < size; at += 3)
    change(token, data[at], data[at + 1], static_cast<char>(data[at + 2]));

  const auto found = verify(token, keys);
  fuzz::demand(found.has_value() == was_signed(token, a_session), "a session that nobody signed");
  if (found) fuzz::demand(found->bytes == session.bytes, "another session");
  if (found)
    fuzz::demand(is_signed_by_old_key(token, keys) == !verify(token, KeyRing({now})), "which key");
  for (const auto& [account, purpose] : {std::pair(ada, ada_device), std::pair(bob, bob_device)}) {
    const auto known = verify_device(token, account, keys);
    fuzz::demand(known.has_value() == was_signed(token, purpose), "a device that nobody signed");
    if (known) fuzz::demand(known->bytes == device.bytes, "another device");
  }
  return 0;
}
