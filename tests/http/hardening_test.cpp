// What a worker gave up, what it leaves in files and in memory.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "http/client.h"
#include "http/site.h"

namespace actiond::http {
namespace {

namespace fs = std::filesystem;

// The value of a line "NAME:\tVALUE" of a file such as /proc/PID/status.
std::string value_in(const fs::path& file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ":"))
      return line.substr(line.find_first_not_of(" \t", name.size() + 1));
  return {};
}

fs::path proc(pid_t pid) { return "/proc/" + std::to_string(pid); }

constexpr std::string_view png("\x89PNG\r\n\x1a\n????????", 16);

std::string multipart(const Fields& fields, std::string_view file = "") {
  std::string body;
  for (const auto& [name, value] : fields)
    body += "--frontier\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value +
            "\r\n";
  if (!file.empty())
    body.append(
            "--frontier\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"me.png\"\r\n"
            "Content-Type: image/png\r\n\r\n")
        .append(file)
        .append("\r\n");
  return body + "--frontier--\r\n";
}
const Headers as_multipart{{"Content-Type", "multipart/form-data; boundary=frontier"}};

// Every kind of request that makes files.
void keep_busy(const RunningSite& site) {
  Client ada(site);
  ada.sign_up("ada@example.com");
  CHECK(ada.post("feedback", {{"message", "Hello"}}).status == 200);
  CHECK(ada.send("POST", "/actions/profile", multipart({{"name", "Ada"}}, png), as_multipart)
            .status == 200);
  CHECK(Client(site).sign_in("ada@example.com").status == 200);
  CHECK(site.actiond({"backup"}).exit_code == 0);
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("every thread of a worker is filtered, and the supervisor may still run programs") {
  RunningSite site;
  CHECK(Client(site).get("/actions/me").status == 200);
  for (const pid_t worker : site.workers()) {
    CHECK(eventually([&] {  // one that was just started
      return value_in(proc(worker) / "status", "Seccomp") == "2";
    }));
    for (const auto& thread : fs::directory_iterator(proc(worker) / "task")) {
      // The first one waits for a signal and answers nothing, but is no exception.
      CHECK(value_in(thread.path() / "status", "Seccomp") == "2");
      CHECK(value_in(thread.path() / "status", "NoNewPrivs") == "1");
    }
    CHECK(read_file(proc(worker) / "limits").find("Max core file size        0") !=
          std::string::npos);
  }
  const fs::path supervisor = proc(site.pool().pid()) / "status";
  CHECK(value_in(supervisor, "Seccomp") == "0");
  CHECK(value_in(supervisor, "NoNewPrivs") == "1");
}

TEST_CASE("what a site makes is for its own user, whatever the umask was") {
  const mode_t before = umask(0);
  {
    RunningSite site;
    umask(before);
    keep_busy(site);
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(site.folder())) {
      const std::string name = entry.path().lexically_relative(site.folder());
      CAPTURE(name);
      // nginx was started by this test, with its umask: the test of scripts/serve looks at these.
      if (name.starts_with("tmp") || name.starts_with("log/") || name.starts_with("nginx."))
        continue;
      ++files;
      if (entry.is_directory())
        CHECK(mode_of(entry) == 0700);
      else if (entry.is_socket())
        CHECK(mode_of(entry) == 0660);
      else
        CHECK((mode_of(entry) & ~0640U) == 0);  // uploads: nginx's group reads them
      if (name.starts_with("site.db") || name == "keys") CHECK(mode_of(entry) == 0600);
    }
    CHECK(files > 12);
  }
  umask(before);
}

}  // namespace actiond::http
