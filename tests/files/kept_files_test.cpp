#include "files/kept_files.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "sqlite/database.h"

using namespace actiond;

namespace {

constexpr Migration migrations[] = {
    {1, "0001", "CREATE TABLE files (name TEXT NOT NULL UNIQUE) STRICT"}};

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("kept_files_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }

  std::filesystem::path uploads() const { return path / "uploads"; }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(uploads()), {}));
  }
  std::string content(const std::string& name) const {
    std::ifstream file(uploads() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

struct UploadSite : Folder {
  UploadFolder folder{uploads()};
  Database database{path / "site.db", migrations, &folder};

  File file(std::string_view bytes) {
    File file{"../../x", "image/png", bytes.size(), "", folder.new_file()};
    file.bytes->append(bytes);
    file.bytes->sync();
    return file;
  }
  std::string keep(const File& file, Verdict verdict = Verdict::Keep) {
    std::string name;
    database.write([&](Transaction& tx) {
      name = tx.keep(file);
      tx.run("INSERT INTO files (name) VALUES (?)", name);
      return verdict;
    });
    return name;
  }
  std::int64_t rows() {
    return std::get<0>(*database.reader().row<std::int64_t>("SELECT count(*) FROM files"));
  }
};

}  // namespace

TEST_CASE("a file that is kept has a random name and its bytes") {
  UploadSite site;
  const File file = site.file("bytes");
  const std::string name = site.keep(file);
  CHECK(name.ends_with(".png"));
  CHECK(name.size() == 22 + 4);
  CHECK(site.content(name) == "bytes");
  CHECK(site.keep(site.file("more")) != name);
  CHECK(site.count() == 2);
  char read[3];
  CHECK(file.bytes->read(1, read, 3) == 3);
  CHECK(std::string_view(read, 3) == "yte");
}

TEST_CASE("the folder of uploads is its owner's alone, a kept file for the group that gets there") {
  using std::filesystem::perms;
  const mode_t mask = umask(077);
  UploadSite site;
  const std::string name = site.keep(site.file("bytes"));
  umask(mask);
  CHECK(std::filesystem::status(site.uploads()).permissions() == perms::owner_all);
  CHECK(std::filesystem::status(site.uploads() / name).permissions() ==
        (perms::owner_read | perms::owner_write | perms::group_read));
}

TEST_CASE("a file that nobody keeps is never seen") {
  UploadSite site;
  { const File file = site.file("bytes"); }
  CHECK(site.count() == 0);
}

TEST_CASE("what a transaction that comes to nothing kept is gone") {
  UploadSite site;
  const std::string old = site.keep(site.file("old"));
  site.keep(site.file("new"), Verdict::Undo);
  CHECK(site.count() == 1);
  CHECK_THROWS_AS(site.database.write([&](Transaction& tx) -> Verdict {
    tx.keep(site.file("new"));
    tx.discard(old);
    throw std::runtime_error("a fault");
  }),
                  std::runtime_error);
  CHECK(site.count() == 1);
  CHECK(site.content(old) == "old");
  // A commit that fails: the constraint is asked at its end.
  CHECK_THROWS(site.database.write([&](Transaction& tx) {
    tx.run("CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT");
    tx.run(
        "CREATE TABLE b (a INTEGER NOT NULL REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED) "
        "STRICT");
    tx.run("INSERT INTO b VALUES (1)");
    tx.keep(site.file("new"));
    tx.discard(old);
    return Verdict::Keep;
  }));
  CHECK(site.count() == 1);
  CHECK(site.content(old) == "old");
  CHECK(site.rows() == 1);
}

TEST_CASE("a transaction that runs again gives bytes of two names each the one of its type") {
  UploadSite site;
  KeptFiles files(&site.folder);
  File picture = site.file("bytes"), apart = picture;
  apart.type = "application/octet-stream";
  const std::string shown = files.keep(picture), hidden = files.keep(apart);
  CHECK(shown.ends_with(".png"));
  CHECK(hidden.ends_with(".bin"));
  files.undo();
  CHECK(files.keep(apart) == hidden);  // the picture is not kept this time
  files.commit();
}

TEST_CASE("a file is discarded by the commit that lets it go") {
  UploadSite site;
  const std::string old = site.keep(site.file("old"));
  bool was_there = false;
  site.database.write([&](Transaction& tx) {
    tx.discard(old);
    was_there = site.count() == 1;
    return Verdict::Keep;
  });
  CHECK(was_there);
  CHECK(site.count() == 0);
}

TEST_CASE("only names that were given can be discarded") {
  UploadSite site;
  for (const std::string name : {"", "../site.db", "/etc/passwd", ".", "x.png", "a/b.png",
                                 "AAAAAAAAAAAAAAAAAAAAAA.p/g", "AAAAAAAAAAAAAAAAAAAAAA"})
    CHECK_THROWS_AS(site.database.write([&](Transaction& tx) {
      tx.discard(name);
      return Verdict::Keep;
    }),
                    std::invalid_argument);
}

TEST_CASE("of those who commit together each keeps its own files") {
  UploadSite site;
  std::vector<std::thread> threads;
  for (int at = 0; at < 16; ++at)
    threads.emplace_back([&site, at] {
      for (int round = 0; round < 10; ++round)
        site.keep(site.file(std::to_string(at)), at % 2 == 0 ? Verdict::Keep : Verdict::Undo);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(site.rows() == 80);
  CHECK(site.count() == 80);
}

TEST_CASE("a process that is killed leaves no temporary file") {
  const Folder folder;
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const UploadFolder uploads(folder.uploads());
    const auto bytes = uploads.new_file();
    bytes->append(std::string(100'000, 'x'));
    [[maybe_unused]] const auto told = write(ready[1], "x", 1);
    pause();
    _exit(0);
  }
  char told;
  REQUIRE(read(ready[0], &told, 1) == 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(folder.count() == 0);
}

TEST_CASE("a database without a folder for uploads keeps no files") {
  UploadSite site;
  Database plain(site.path / "plain.db", migrations);
  const File file = site.file("bytes");
  CHECK_THROWS_AS(plain.write([&](Transaction& tx) {
    tx.keep(file);
    return Verdict::Keep;
  }),
                  std::logic_error);
}
