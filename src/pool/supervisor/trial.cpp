#include "pool/supervisor/trial.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

namespace actiond {
namespace {

constexpr std::chrono::seconds longest_trial(30);
constexpr std::size_t most_words = 64 * 1024;

[[noreturn]] void run(const std::vector<std::string>& command, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execute(command);
  const std::string reason = command.front() + ": " + std::strerror(errno) + "\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, reason.data(), reason.size());
  _exit(127);
}

}  // namespace

void execute(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words.front(), words.data());
}

Trial::Trial(const std::vector<std::string>& command)
    : deadline_(std::chrono::steady_clock::now() + longest_trial) {
  DescriptorPair ends = make_pipe(0);
  pid_ = fork();
  if (pid_ == 0) run(command, ends[1].get());
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  output_ = std::move(ends[0]);
  fcntl(output_.get(), F_SETFL, O_NONBLOCK);
}

Trial::~Trial() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

void Trial::read_output() {
  std::array<char, 4096> text;
  for (ssize_t size; (size = read(output_.get(), text.data(), text.size())) > 0;)
    if (said_.size() < most_words) said_.append(text.data(), static_cast<std::size_t>(size));
}

std::string Trial::last_words() {
  read_output();
  const std::size_t end = said_.find_last_not_of('\n');
  if (end == said_.npos) return "it said nothing";
  const std::size_t start = said_.rfind('\n', end);
  return said_.substr(start == said_.npos ? 0 : start + 1,
                      end - (start == said_.npos ? 0 : start + 1) + 1);
}

}  // namespace actiond
