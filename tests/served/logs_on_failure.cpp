// Prints the logs of the running sites next to the check that failed.
#include <doctest/doctest.h>

#include <iostream>

#include "served/site.h"

namespace {

class LogsOnFailure : public doctest::IReporter {
 public:
  explicit LogsOnFailure(const doctest::ContextOptions&) {}

  void log_assert(const doctest::AssertData& assert) override {
    if (assert.m_failed && !printed_) print();
  }
  void test_case_exception(const doctest::TestCaseException&) override { print(); }
  void test_case_start(const doctest::TestCaseData&) override { printed_ = false; }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  void print() {
    actiond::http::RunningSite::print_logs(std::cout);
    printed_ = true;
  }

  bool printed_ = false;
};

REGISTER_LISTENER("logs", 1, LogsOnFailure);

}  // namespace
