// Shared by the tests of several rooms.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace actiond::test {

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "actiond-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::filesystem::path project_folder();

inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string repeat(std::string_view text, std::size_t times) {
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t at = 0; at < times; ++at) repeated += text;
  return repeated;
}

// A request as nginx would hand it on, its body arriving in pieces.
inline Request make_request(std::string method, std::string path, std::vector<Header> headers = {},
                            std::string body = {}) {
  const std::size_t length = body.size();
  const std::size_t mark = std::min(path.find('?'), path.size());
  std::string query = path.substr(std::min(mark + 1, path.size()));
  path.resize(mark);
  const auto rest = std::make_shared<std::pair<std::string, std::size_t>>(std::move(body), 0);
  return {.id = "0123456789abcdef",
          .method = std::move(method),
          .path = std::move(path),
          .query = std::move(query),
          .headers = std::move(headers),
          .content_length = length,
          .read_body = [rest](char* into, std::size_t size) {
            const std::size_t piece = std::min<std::size_t>(size, 4096);
            const std::size_t read = rest->first.copy(into, piece, rest->second);
            rest->second += read;
            return read;
          }};
}

inline std::string header(const Response& response, std::string_view name) {
  for (const auto& [each, value] : response.headers())
    if (each == name) return value;
  return {};
}

}  // namespace actiond::test
