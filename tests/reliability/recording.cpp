#include "reliability/recording.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "reliability/orders.h"

namespace actiond::reliability {
namespace {

constexpr std::size_t sector_bytes = 512;  // what a disk writes whole or not at all

std::filesystem::path log_of(const http::RunningSite& site) { return site.folder() / "write-log"; }

}  // namespace

std::vector<std::string> recorder(const http::RunningSite& site) {
  return {"env", "LD_PRELOAD=" WRITE_LOG_LIBRARY, "WRITE_LOG=" + log_of(site).string(),
          "WRITE_LOG_OF=" + site.database().string(),
          // A library before its own is nothing that AddressSanitizer likes.
          "ASAN_OPTIONS=verify_asan_link_order=0"};
}

std::vector<Event> recorded(const http::RunningSite& site) {
  const std::string log = test::read_file(log_of(site));
  std::vector<Event> events;
  for (std::size_t at = 0; at < log.size();) {
    LogEntry entry{};
    if (log.size() - at < sizeof entry) throw std::runtime_error("a log that ends too early");
    std::memcpy(&entry, log.data() + at, sizeof entry);
    at += sizeof entry;
    events.push_back({entry.did, entry.process, entry.thread, entry.offset,
                      log.substr(at, entry.path_size),
                      log.substr(at + entry.path_size, entry.data_size)});
    at += entry.path_size + entry.data_size;
  }
  return events;
}

std::string acknowledged_by(const Event& event) {
  if (event.did != Did::send || between(event.data, "Status: ", " ") != "200") return {};
  return between(event.data, "X-Request-Id: ", "\r");
}

void Disk::apply(const Event& event) {
  ++now_;
  switch (event.did) {
    case Did::create: return rename(event.path, std::make_shared<File>());
    case Did::remove: return rename(event.path, nullptr);
    case Did::write:
    case Did::truncate:
      file(event.path)
          .unsynced.push_back({now_, event.offset, event.data, event.did == Did::truncate});
      return;
    case Did::start_sync: sync_started_[event.thread] = now_; return;
    case Did::sync: return sync(event.path, sync_started_.at(event.thread));
    default: return;
  }
}

void Disk::rename(const std::string& path, std::shared_ptr<File> file) {
  std::vector<Name>& names = names_[path];
  if (names.empty()) names.push_back({0, nullptr});
  names.push_back({now_, std::move(file)});
}

Disk::File& Disk::file(const std::string& path) {
  const auto found = names_.find(path);
  if (found == names_.end() || !found->second.back().file)
    throw std::runtime_error("something was written to a file that nobody made: " + path);
  return *found->second.back().file;
}

// Bytes written while the sync ran may be on disk, or not.
void Disk::sync(const std::string& path, std::uint64_t until) {
  if (!names_.contains(path)) return sync_folder(until);
  File& synced = file(path);
  const auto end = std::find_if(synced.unsynced.begin(), synced.unsynced.end(),
                                [until](const Change& change) { return change.when > until; });
  for (auto change = synced.unsynced.begin(); change != end; ++change) make(*change, synced.synced);
  synced.unsynced.erase(synced.unsynced.begin(), end);
}

void Disk::sync_folder(std::uint64_t until) {
  for (auto& [path, names] : names_) {
    const auto end = std::find_if(names.begin(), names.end(),
                                  [until](const Name& name) { return name.when > until; });
    if (end != names.begin()) names.erase(names.begin(), end - 1);
  }
}

void Disk::make(const Change& change, std::string& content) {
  if (change.truncates) {
    content.resize(change.offset);
    return;
  }
  content.resize(std::max<std::size_t>(content.size(), change.offset + change.data.size()));
  content.replace(change.offset, change.data.size(), change.data);
}

// Each sector has its own fate; the file's size is kept.
void Disk::tear(const Change& change, std::string& content, std::mt19937& random) {
  if (change.truncates) return make(change, content);
  const std::size_t end = change.offset + change.data.size();
  content.resize(std::max(content.size(), end));
  for (std::size_t at = change.offset; at < end;) {
    const std::size_t next = std::min((at / sector_bytes + 1) * sector_bytes, end);
    if (random() % 2 == 0)
      content.replace(at, next - at, change.data, at - change.offset, next - at);
    at = next;
  }
}

Files Disk::after_power_cut(Unsynced unsynced, std::mt19937& random) const {
  const auto is_kept = [&] {
    return unsynced == Unsynced::Kept || (unsynced != Unsynced::Dropped && random() % 2 == 0);
  };
  Files files;
  for (const auto& [path, names] : names_) {
    std::size_t at = 0;
    while (at + 1 < names.size() && is_kept()) ++at;
    if (!names[at].file) continue;
    std::string& content = files[path] = names[at].file->synced;
    for (const Change& change : names[at].file->unsynced) {
      if (!is_kept()) continue;
      if (unsynced == Unsynced::Torn)
        tear(change, content, random);
      else
        make(change, content);
    }
  }
  return files;
}

}  // namespace actiond::reliability
