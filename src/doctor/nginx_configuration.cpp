#include "doctor/nginx_configuration.h"

#include <glob.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <utility>

#include "doctor/processes.h"

namespace actiond::doctor {
namespace {

constexpr int deepest_include = 10;
constexpr std::string_view blanks = " \t\r\n";

using Directive = std::vector<std::string>;

// As ngx_conf_read_token does: words, quoted or not, up to ';' or '{'; '\\' takes what follows as
// it is.
std::vector<Directive> directives_of(std::string_view text) {
  std::vector<Directive> all(1);
  std::optional<std::string> word;
  const auto end_word = [&] {
    if (word) all.back().push_back(*std::exchange(word, std::nullopt));
  };
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char next = text[at];
    const bool ends =
        next == ';' || (next == '{' && !(word && word->ends_with('$'))) || (next == '}' && !word);
    if (next == '\\' && at + 1 < text.size()) {
      word = word.value_or("") + text[++at];
    } else if (quote != '\0' && next == quote) {
      quote = '\0';
      end_word();
    } else if (quote != '\0') {
      *word += next;
    } else if (!word && next == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (!word && (next == '"' || next == '\'')) {
      quote = next;
      word.emplace();
    } else if (ends) {
      end_word();
      all.emplace_back();
    } else if (blanks.find(next) != blanks.npos) {
      end_word();
    } else {
      word = word.value_or("") + next;
    }
  }
  return all;
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& pattern) {
  std::vector<std::filesystem::path> files;
  glob_t found{};
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return files;
}

void read_into(NginxConfiguration& told, const std::filesystem::path& file,
               const std::filesystem::path& folder, int depth) {
  for (const Directive& directive : directives_of(read_whole(file))) {
    if (directive.size() < 2) continue;
    const std::string& value = directive[1];
    if (directive[0] == "worker_connections")
      std::from_chars(value.data(), value.data() + value.size(), told.connections);
    if (value.starts_with("unix:")) told.sockets.emplace_back(value.substr(5));
    if (directive[0] == "include" && depth < deepest_include)
      for (const std::filesystem::path& included : files_of(folder / value))
        read_into(told, included, folder, depth + 1);
  }
}

}  // namespace

NginxConfiguration read_nginx_configuration(const std::filesystem::path& file) {
  NginxConfiguration told;
  read_into(told, file, file.parent_path(), 0);
  return told;
}

std::filesystem::path nginx_file_in(std::string_view title) {
  std::istringstream words{std::string(title)};
  for (std::string word; words >> word;)
    if (word == "-c" && words >> word) return word;
  return "/etc/nginx/nginx.conf";
}

}  // namespace actiond::doctor
