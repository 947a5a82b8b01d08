// The privileges that a worker gave up; the traces that it leaves in files and in memory.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "served/client.h"
#include "served/site.h"
#include "skip.h"

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

// How often `text` stands in the writable memory of a process.
int times_in_memory(pid_t pid, std::string_view text) {
  std::ifstream maps(proc(pid) / "maps");
  std::ifstream memory(proc(pid) / "mem", std::ios::binary);
  REQUIRE(memory.is_open());
  int times = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t from = 0, to = 0;
    std::string rights;
    words >> std::hex >> from;
    words.ignore(1);
    words >> to >> rights;
    if (!rights.starts_with("rw")) continue;
    // In pieces that overlap: the sanitizers map terabytes, of which next to nothing is there.
    constexpr std::size_t piece = 1 << 20;
    if (to - from > std::uintptr_t{1} << 32) continue;
    std::string bytes;
    for (std::uintptr_t at = from; at < to; at += piece) {
      bytes.resize(std::min<std::size_t>(piece + text.size() - 1, to - at));
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(at));
      memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      bytes.resize(static_cast<std::size_t>(memory.gcount()));
      for (std::size_t found = 0; (found = bytes.find(text, found)) != bytes.npos; ++found) ++times;
    }
  }
  return times;
}

int times_in_workers(const RunningSite& site, std::string_view text) {
  int times = 0;
  for (const pid_t worker : site.workers()) times += times_in_memory(worker, text);
  return times;
}

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
  CHECK(ada.post("comments", {{"message", "Hello"}}).status == 200);
  CHECK(
      ada.send("POST", "/actions/author", multipart({{"name", "Ada"}}, png), as_multipart).status ==
      200);
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
      // The published pages are for everybody, and nginx may run as another user.
      if (name == "site" || name.starts_with("site/"))
        CHECK(mode_of(entry) == (entry.is_directory() ? 0755 : 0644));
      else if (entry.is_directory())
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

TEST_CASE("no password stays in a worker's memory once its request is answered") {
  RunningSite site;
  // Memory of root's processes is root's; that of anybody's else is nobody's.
  if (!std::ifstream(proc(site.workers().front()) / "mem").is_open())
    return test::skip("only root may look into a worker's memory");
  // One that a string holds within itself, and one that it does not.
  for (const std::string secret : {"xK9canary-q7", "canary-of-many-letters-Zq8vT2mW6yR4pL0s"}) {
    CAPTURE(secret);
    const std::string changed = "changed-" + secret;
    const std::string email = std::to_string(secret.size()) + "@example.com";
    Client ada(site);
    CHECK(ada.post("sign-up", {{"name", "Ada"}, {"email", email}, {"password", secret}}).status ==
          200);
    const auto sent = [&](const std::string& password) {
      return Fields{{"email", email}, {"password", password}};
    };
    CHECK(Client(site).post("sign-in", sent(secret)).status == 200);
    CHECK(Client(site).post("sign-in", sent(secret + "!")).status == 422);
    CHECK(Client(site).post("sign-in", {{"email", "nobody"}, {"password", secret}}).status == 422);
    CHECK(Client(site, as_browser).post("sign-in", sent(secret + "?")).status == 422);
    CHECK(Client(site)
              .send("POST", "/actions/sign-in",
                    "{\"email\":\"" + email + "\",\"password\":\"" + secret + "\"}",
                    {{"Content-Type", "application/json"}})
              .status == 200);
    CHECK(Client(site)
              .send("POST", "/actions/sign-in", multipart(sent(secret)), as_multipart)
              .status == 200);
    CHECK(Client(site)
              .post("sign-in", {{"email", email}, {"password", secret}, {"_once", "a"}})
              .status == 200);
    CHECK(Client(site).post("sign-in", sent(secret), {{"Sec-Fetch-Site", "cross-site"}}).status ==
          403);
    // More at once than may hash at once: some wait in line, and end on the stack of whoever was
    // before them.
    std::atomic<int> signed_in = 0;
    {
      std::vector<std::jthread> visitors;
      for (int at = 0; at < 12; ++at)
        visitors.emplace_back([&] {
          if (Client(site).post("sign-in", sent(secret)).status == 200) ++signed_in;
        });
    }
    CHECK(signed_in == 12);
    CHECK(ada.post("change-password", {{"present", secret}, {"password", changed}}).status == 200);
    CHECK(times_in_workers(site, "canary") == 0);
    CHECK(times_in_workers(site, secret) == 0);
  }
  // Looked at in the right way: what is there is found.
  CHECK(times_in_workers(site, site.database().string()) > 0);
}

}  // namespace actiond::http
