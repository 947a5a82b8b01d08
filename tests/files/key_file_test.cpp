#include "files/key_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/program_name.h"
#include "support.h"

namespace actiond {
namespace {

struct KeyFile {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder / "keys";

  int mode() const {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 07777) : -1;
  }
  // "" when the ring was loaded.
  std::string refusal() const {
    try {
      load_key_ring(path);
      return "";
    } catch (const WeakKey& weak) {
      return weak.what();
    }
  }
  bool refused_for(const std::string& reason) const {
    const std::string text = refusal();
    CAPTURE(text);
    return text.find(path.string()) != std::string::npos && text.find(reason) != std::string::npos;
  }
};

TEST_CASE("a key ring saved is the key ring loaded, and its owner's alone") {
  const KeyFile file;
  const KeyRing ring({KeyRing::new_key(), KeyRing::new_key()});
  save_key_ring(file.path, ring);
  CHECK(file.mode() == 0600);
  CHECK(load_key_ring(file.path).text() == ring.text());
}

TEST_CASE("saving replaces the ring and leaves nothing beside it") {
  const KeyFile file;
  const KeyRing next({KeyRing::new_key()});
  save_key_ring(file.path, KeyRing({KeyRing::new_key(), KeyRing::new_key()}));
  chmod(file.path.c_str(), 0644);
  save_key_ring(file.path, next);
  CHECK(load_key_ring(file.path).text() == next.text());
  CHECK(file.mode() == 0600);
  const auto files = std::filesystem::directory_iterator(file.folder / "");
  CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("saving makes the file its owner's alone, though a careless one was left behind") {
  const KeyFile file;
  test::write_file(file.path.string() + ".new", test::repeat("x", 1000));
  chmod((file.path.string() + ".new").c_str(), 0666);
  save_key_ring(file.path, KeyRing({KeyRing::new_key()}));
  CHECK(file.mode() == 0600);
  CHECK(file.refusal() == "");
}

TEST_CASE("a missing key ring is reported with the command that makes one") {
  const KeyFile file;
  CHECK(file.refused_for(in_shell("key new")));
}

TEST_CASE("S10 a key ring that others may use is forbidden") {
  const KeyFile file;
  save_key_ring(file.path, KeyRing({KeyRing::new_key()}));
  for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0602U, 0610U, 0777U}) {
    CAPTURE(mode);
    chmod(file.path.c_str(), mode);
    CHECK(file.refused_for("chmod 600"));
  }
  for (const mode_t mode : {0600U, 0400U}) {
    CAPTURE(mode);
    chmod(file.path.c_str(), mode);
    CHECK(file.refusal() == "");
  }
}

TEST_CASE("a weak key ring is reported with its file") {
  const KeyFile file;
  test::write_file(file.path, "a c2hvcnQ\n");
  chmod(file.path.c_str(), 0600);
  CHECK(file.refused_for("key a is short"));
  test::write_file(file.path, "");
  CHECK(file.refused_for("no key"));
}

TEST_CASE("a folder in the key ring's place is forbidden") {
  const KeyFile file;
  std::filesystem::create_directory(file.path);
  chmod(file.path.c_str(), 0700);
  CHECK(file.refused_for(""));
}

TEST_CASE("a key ring that cannot be saved is an error, and the old one is kept") {
  const KeyFile file;
  const KeyRing ring({KeyRing::new_key()});
  save_key_ring(file.path, ring);
  std::filesystem::create_directory(file.path.string() + ".new");
  CHECK_THROWS(save_key_ring(file.path, KeyRing({KeyRing::new_key()})));
  CHECK(load_key_ring(file.path).text() == ring.text());
}

}  // namespace
}  // namespace actiond
