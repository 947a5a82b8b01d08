// nginx's configuration, as far as the doctor judges it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace actiond::doctor {

struct NginxConfiguration {
  std::uintmax_t connections = 512;                 // `worker_connections`, of each process
  std::vector<std::filesystem::path> sockets = {};  // Unix sockets that it connects to
};

// `file` with all that it includes; a relative name lies beside it.  A file that is missing or
// cannot be read counts as empty.
NginxConfiguration read_nginx_configuration(const std::filesystem::path& file);

// That of a master process, by its title (proc(5), cmdline).
std::filesystem::path nginx_file_in(std::string_view title);

}  // namespace actiond::doctor
