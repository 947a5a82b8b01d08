#include "doctor/checks.h"

namespace actiond::doctor {

std::vector<Check> checks() {
  return {
      {"keys", "the key ring's mode, keys and age", check_keys},
      {"clock", "the clock", check_clock},
      {"database", "the database, its log, and SQLite", check_database},
      {"hosts", "in what the hosts of the site differ", check_hosts},
      {"disk", "file systems and free space", check_disk},
      {"backup", "the age of the newest backup", check_backup},
      {"mail", "mails that do not leave", check_mail},
      {"stripe", "the key for Stripe, and what was not fetched", check_stripe},
      {"limits", "what systemd and the kernel allow the pool", check_limits},
      {"socket", "the pool's socket, and an answer over it", check_socket},
      {"nginx", "the connections and files that nginx may have", check_nginx},
      {"origins", "whether each origin leads to this pool", check_origins},
      {"passed", "what nginx passes on of a request", check_passed},
      {"bodies", "nginx's limits on bodies against the actions'", check_bodies},
      {"pages", "the static pages as nginx sends them", check_pages},
      {"gate", "whether static files behind a level are for nobody else", check_gate},
      {"tls", "certificates, https and the cookie's prefix", check_tls},
  };
}

}  // namespace actiond::doctor
