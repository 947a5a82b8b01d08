#include "account/password.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <sstream>
#include <thread>

#include "base/file_lock.h"
#include "eventually.h"
#include "support.h"

namespace actiond {
namespace {

using namespace std::string_literals;

struct Hashing {
  test::TemporaryFolder folder;
  PasswordHasher hasher{folder / "site.db-lock"};
};

// Whether a thread of this process stands in fcntl(F_OFD_SETLKW): proc(5), /proc/pid/syscall.
bool waits_for_lock(pid_t thread) {
  std::istringstream call(
      test::read_file("/proc/self/task/" + std::to_string(thread) + "/syscall"));
  long number = 0;
  std::string descriptor;
  int command = 0;
  call >> number >> descriptor >> std::hex >> command;
  return number == SYS_fcntl && command == F_OFD_SETLKW;
}

TEST_CASE("a hash is argon2id with the parameters of the contract and salt of its own") {
  Hashing hashing;
  const std::string one = hashing.hasher.hash("correct horse"),
                    other = hashing.hasher.hash("correct horse");
  CHECK(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(std::count(one.begin(), one.end(), '$') == 5);
  CHECK(one != other);
  CHECK_FALSE(is_outdated_hash(one));
  CHECK(one.find("horse") == std::string::npos);
}

TEST_CASE("a password matches its own hash, byte for byte") {
  Hashing hashing;
  const std::string password = " p\0\xC3\xA9 "s;
  const std::string hash = hashing.hasher.hash(password);
  CHECK(hashing.hasher.verify(password, hash));
  for (const std::string& wrong :
       {""s, " p"s, "p\0\xC3\xA9 "s, " p\0\xC3\xA9"s, " P\0\xC3\xA9 "s, " p\0\xC3\xA9  "s}) {
    CAPTURE(wrong);
    CHECK_FALSE(hashing.hasher.verify(wrong, hash));
  }
}

TEST_CASE("a long password counts to its last byte") {
  Hashing hashing;
  const std::string password(1024, 'x');
  const std::string hash = hashing.hasher.hash(password);
  CHECK(hashing.hasher.verify(password, hash));
  CHECK_FALSE(hashing.hasher.verify(password.substr(1), hash));
}

TEST_CASE("no password matches the unmatchable hash, which costs as much as a real one") {
  Hashing hashing;
  const std::string unmatchable = unmatchable_hash();
  CHECK_FALSE(is_outdated_hash(unmatchable));
  CHECK(unmatchable.size() == hashing.hasher.hash("x").size());
  for (const std::string& password : {""s, "password"s, std::string(32, '\0')}) {
    CAPTURE(password);
    CHECK_FALSE(hashing.hasher.verify(password, unmatchable));
  }
}

TEST_CASE("a hash that is none is our mistake, not a wrong password") {
  Hashing hashing;
  for (const std::string hash :
       {"", "x", "$argon2id$v=19$m=19456,t=2,p=1$$", "$2b$10$abcdefghijklmnopqrstuv"})
    CHECK_THROWS_AS(hashing.hasher.verify("x", hash), std::runtime_error);
}

TEST_CASE("a hash of other parameters is outdated") {
  for (const std::string start :
       {"$argon2id$v=19$m=4096,t=2,p=1$", "$argon2id$v=19$m=19456,t=1,p=1$",
        "$argon2id$v=19$m=19456,t=2,p=2$", "$argon2i$v=19$m=19456,t=2,p=1$",
        "$argon2id$v=16$m=19456,t=2,p=1$", ""}) {
    CAPTURE(start);
    CHECK(is_outdated_hash(start + "c2FsdHNhbHQ$aGFzaA"s));
  }
}

TEST_CASE("a common password is known in any case of letters") {
  for (const std::string password :
       {"password", "12345678", "iloveyou", "PassWord", "qwertyuiop", "basketball", "zeppelin",
        "p@ssw0rd", "1qaz2wsx3edc", "vjqgfhjkm"}) {
    CAPTURE(password);
    CHECK(is_common_password(password));
  }
  for (const std::string password :
       {"", "passwor", "password ", " password", "correct horse", "zzzzzzzzzz", "0"}) {
    CAPTURE(password);
    CHECK_FALSE(is_common_password(password));
  }
}

TEST_CASE("a new password is 8 to 1024 bytes, taken as it is") {
  const auto allowed = [](const std::string& password) {
    return std::holds_alternative<std::string>(read_text(password, new_password_rules()));
  };
  CHECK_FALSE(allowed(""));
  CHECK_FALSE(allowed("1234567"));
  CHECK(allowed("12345678"));
  CHECK(allowed("        "));
  CHECK(allowed(std::string(1024, 'x')));
  CHECK_FALSE(allowed(std::string(1025, 'x')));
}

TEST_CASE("a hash waits while every place is taken, whoever took it") {
  Hashing hashing;
  std::optional<FileLock> others;
  others.emplace(hashing.folder / "site.db-lock");
  const int places = hash_places();
  for (int at = 0; at < places; ++at) others->lock(lock_byte::first_hash_slot + at);
  std::atomic<pid_t> thread = 0;
  std::atomic<bool> hashed = false;
  std::thread waiting([&] {
    thread = gettid();
    hashing.hasher.hash("x");
    hashed = true;
  });
  CHECK(test::eventually([&] { return thread != 0 && waits_for_lock(thread); }));
  CHECK_FALSE(hashed);
  others.reset();
  waiting.join();
  CHECK(hashed);
}

TEST_CASE("a hash finds the one place that is free") {
  Hashing hashing;
  const int places = hash_places();
  for (int free = 0; free < places; ++free) {
    FileLock others(hashing.folder / "site.db-lock");
    for (int at = 0; at < places; ++at)
      if (at != free) others.lock(lock_byte::first_hash_slot + at);
    CHECK(hashing.hasher.hash("x").size() > 0);
  }
}

TEST_CASE("hashing leaves the write lock and the server's place alone") {
  Hashing hashing;
  FileLock others(hashing.folder / "site.db-lock");
  others.lock(lock_byte::write_lock);
  others.lock(lock_byte::server);
  CHECK(hashing.hasher.hash("x").size() > 0);
}

}  // namespace
}  // namespace actiond
