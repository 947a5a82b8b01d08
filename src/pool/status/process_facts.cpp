#include "pool/status/process_facts.h"

#include <unistd.h>

#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/file_text.h"

namespace actiond {

std::optional<ProcessFacts> facts_of(pid_t pid) {
  const std::string text = file_text("/proc/" + std::to_string(pid) + "/stat").value_or("");
  // The name of the program may hold anything; the third field follows it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == text.npos) return std::nullopt;
  std::istringstream words(text.substr(name_end + 1));
  const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
  if (fields.size() < 22) return std::nullopt;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return ProcessFacts{.cpu_seconds = (std::stod(fields[11]) + std::stod(fields[12])) / ticks,
                      .resident_bytes = std::stoull(fields[21]) * page};
}

}  // namespace actiond
