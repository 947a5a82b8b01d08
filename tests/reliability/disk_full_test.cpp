// A disk that is full while many write, again and again.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include <atomic>
#include <mutex>
#include <set>

#include "reliability/orders.h"
#include "skip.h"

namespace actiond::reliability {
namespace {

// A disk of 4 MiB at `folder` as long as it lives; needs the right to mount.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  std::filesystem::path database() const { return folder_ / "site.db"; }

  // Leaves so many bytes free.
  void fill_but(std::uintmax_t free_bytes) const {
    const auto size = std::filesystem::space(folder_).available - free_bytes;
    test::write_file(filler(), std::string(size, 'x'));
  }
  void free_some() const { std::filesystem::remove(filler()); }

 private:
  std::filesystem::path filler() const { return folder_ / "filler"; }

  std::filesystem::path folder_;
  bool mounted_;
};

TEST_CASE("on a full disk what is not acknowledged is not there, and room is enough to go on") {
  const test::TemporaryFolder outside;
  const SmallDisk disk(outside / "disk");
  if (!disk.mounted()) return test::skip("a small disk takes the right to mount one");
  RunningSite site(
      {.workers = 2, .threads = 4, .with_nginx = false, .prepare = [&](RunningSite& prepared) {
         prepared.edit("actiond.toml", "\"site.db\"", "\"" + disk.database().string() + "\"");
       }});
  const Buyer buyer(site);
  const std::vector<pid_t> workers = site.workers();
  Topics acknowledged;
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    disk.fill_but(100'000);
    std::mutex mutex;
    std::atomic<int> refused = 0;
    std::set<int> statuses;
    // Until each of eight has been refused several times.
    together(8, [&](int which) {
      for (int at = 0, mine = 0; at < 1000 && mine < 5; ++at) {
        const std::string topic =
            std::to_string(round) + "-" + std::to_string(which) + "-" + std::to_string(at);
        const int status = buyer.order(topic);
        if (status != 200) ++mine, ++refused;
        const std::lock_guard lock(mutex);
        statuses.insert(status);
        if (status == 200) acknowledged.insert(topic);
      }
    });
    CHECK(refused.load() == 40);
    CHECK(statuses == std::set{200, 503});
    CHECK(query(disk.database(), "SELECT topic FROM reviews ORDER BY 1") ==
          std::vector<std::string>(acknowledged.begin(), acknowledged.end()));
    CHECK(wrong_with(disk.database(), acknowledged) == "");

    disk.free_some();
    for (int at = 0; at < 8; ++at) {
      const std::string topic = std::to_string(round) + "-freed-" + std::to_string(at);
      CHECK(buyer.order(topic) == 200);  // the very next, and every other
      acknowledged.insert(topic);
    }
  }
  CHECK(site.workers() == workers);
  CHECK(wrong_with(disk.database(), acknowledged) == "");
}

}  // namespace
}  // namespace actiond::reliability
