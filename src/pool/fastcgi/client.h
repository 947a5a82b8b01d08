// One request over FastCGI, past nginx.
// https://fastcgi-archives.github.io/FastCGI_Specification.html
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace actiond {

// The answer of the responder: its head and body.  Waits 10 s at most.  Throws std::system_error
// when nobody can be reached at `socket`, and std::runtime_error when no whole answer comes.
std::string ask_fastcgi(const std::filesystem::path& socket,
                        const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace actiond
