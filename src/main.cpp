#include <sys/stat.h>

#include "base/inherited_state.h"
#include "cli/command_line.h"
#include "pool/worker/confine.h"

int main(int argc, char** argv) {
  actiond::open_standard_descriptors();
  umask(077);  // what we make is for nobody else
  actiond::give_up_dumps_and_privileges();
  return actiond::run_command_line(argc, argv);
}
