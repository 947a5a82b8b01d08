// How far a command is, in one line of a terminal; elsewhere nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace actiond {

class ShownProgress {
 public:
  ShownProgress();
  ShownProgress(const ShownProgress&) = delete;
  ShownProgress& operator=(const ShownProgress&) = delete;
  ~ShownProgress() { end(); }

  // `all` is 0 where it is not known.
  void show(std::string_view part, std::uintmax_t done, std::uintmax_t all);
  // The line is gone, for what the command says.
  void end();
  // To be handed to what is watched; this outlives it.
  auto watch() {
    return [this](std::string_view part, std::uintmax_t done, std::uintmax_t all) {
      show(part, done, all);
    };
  }

 private:
  const bool is_terminal_;
  bool has_shown_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace actiond
