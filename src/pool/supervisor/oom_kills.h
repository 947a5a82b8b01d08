// Whether the kernel has killed for memory.
#pragma once

#include <cstdint>
#include <filesystem>

namespace actiond {

class OomKills {
 public:
  // Of this process's control group (memory.events), or else of the whole machine (/proc/vmstat):
  // both have a line "oom_kill COUNT".
  OomKills();
  explicit OomKills(std::filesystem::path file);

  // Since it was asked last, or made.
  bool have_grown();

 private:
  std::uint64_t read() const;

  std::filesystem::path file_;
  std::uint64_t seen_;
};

}  // namespace actiond
