// A handle of libcurl, whose connections stay for the next transfer.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace actiond {

struct FreeCurlList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeCurlList>;

class CurlClient {
 public:
  CurlClient() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (curl_ = curl_easy_init()) == nullptr)
      throw std::runtime_error("libcurl cannot be used");
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;
  ~CurlClient() { curl_easy_cleanup(curl_); }

  // Forgets what was set, and keeps the connections.
  void reset() { curl_easy_reset(curl_); }
  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(curl_, option, value);
    if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
  }
  CURLcode perform() { return curl_easy_perform(curl_); }
  template <class Value>
  Value info(CURLINFO which) const {
    Value value{};
    curl_easy_getinfo(curl_, which, &value);
    return value;
  }

 private:
  CURL* curl_ = nullptr;
};

}  // namespace actiond
