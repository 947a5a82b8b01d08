// A club with an event of six places, a member and the committee.
#pragma once

#include <doctest/doctest.h>
#include <site_under_test.h>

struct Club : actiond::test::SiteUnderTest {
  std::string ada = sign_up("ada@example.com");
  std::string bo = sign_up("bo@example.com");
  std::string chair = sign_up("chair@example.com");

  Club() {
    permit("chair@example.com", "committee", actiond::forever);
    change([](actiond::Transaction& tx) {
      tx.run(
          "INSERT INTO events (title, kind, day, places) "
          "VALUES ('Head race', 'regatta', '2099-07-02', 6)");
    });
  }

  int book(const std::string& name, const std::string& people, const std::string& cookie = "") {
    return post("book",
                {{"event", "1"},
                 {"name", name},
                 {"email", name + "@example.com"},
                 {"people", people}},
                cookie)
        .status();
  }
  bool shows(const std::string& path, const std::string& text, const std::string& cookie = "") {
    return get(path, cookie, "text/html").body.find(text) != std::string::npos;
  }
};
