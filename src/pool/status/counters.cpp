#include "pool/status/counters.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/log.h"

namespace actiond {
namespace {

// Changes whenever what follows it means something else.
constexpr std::uint64_t layout_version = 7;
constexpr std::string_view others = "(other)";

template <std::size_t Size>
void put(std::array<char, Size>& into, std::string_view text) {
  into.fill('\0');
  text.copy(into.data(), Size - 1);
}

// NUL-terminated, unless a worker that was taken over has written it.
template <std::size_t Size>
std::string_view text_in(const std::array<char, Size>& text) {
  return {text.data(), strnlen(text.data(), Size)};
}

std::chrono::sys_seconds now() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

// A time that was written before, as any number.
std::chrono::sys_seconds past(std::int64_t seconds) {
  return std::clamp(std::chrono::sys_seconds(std::chrono::seconds(seconds)),
                    std::chrono::sys_seconds(), now());
}

// Calls `look`, which loads by acquire what was stored by release, until nothing changed meanwhile;
// not for ever, since the writer may have died.
template <class Look>
void read_whole(const std::atomic<std::uint32_t>& sequence, const Look& look) {
  for (int tries = 0; tries < 100; ++tries) {
    const std::uint32_t before = sequence.load(std::memory_order_acquire);
    look();
    if (before % 2 == 0 && sequence.load(std::memory_order_relaxed) == before) return;
  }
}

}  // namespace

struct Counters::Layout {
  struct ActionName {
    std::array<char, 64> name;
    std::array<char, 16> level;
  };

  std::uint64_t version;
  std::uint64_t bytes;
  std::int64_t made;  // seconds since 1970

  std::atomic<std::size_t> actions;  // how many names are there
  std::array<ActionName, max_counted_actions> names;

  std::array<Counter, ending_names.size()> endings;
  std::uint64_t generation;

  std::atomic<std::uint32_t> reload_sequence;  // odd while it changes
  std::atomic<std::int64_t> reload_time;       // 0: there was none
  Counter reload_done;
  std::array<std::atomic<char>, 256> reload_reason;

  // How many were ever noted, in a ring.  One more than are read: the next may be being written.
  Counter minutes;
  std::array<std::array<Counter, totals_words>, kept_minutes + 1> totals;

  std::atomic<std::size_t> cells;  // how many were ever used

  alignas(page_bytes) Counter lost_log_lines;
  std::array<WorkerCell, max_worker_cells> cell;
};

void* Counters::map(const Descriptor& memory) {
  return mmap(nullptr, sizeof(Layout), PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
}

Counters::Counters(std::span<const CountedAction> actions)
    : descriptor_(memfd_create("actiond counters", MFD_CLOEXEC)), layout_(nullptr) {
  void* memory = MAP_FAILED;
  if (descriptor_ && ftruncate(descriptor_.get(), sizeof(Layout)) == 0) memory = map(descriptor_);
  if (memory == MAP_FAILED)
    throw std::system_error(errno, std::generic_category(), "shared memory");
  // All zero, which is what every member starts with; nothing is constructed, and no page touched
  // that nobody uses.
  layout_ = static_cast<Layout*>(memory);
  layout_->version = layout_version;
  layout_->bytes = sizeof(Layout);
  layout_->made = now().time_since_epoch().count();
  put(layout_->names[0].name, others);
  layout_->actions = 1;
  add_actions(actions);  // what is too much is counted under "(other)"
}

std::optional<Counters> Counters::inherit(Descriptor descriptor,
                                          std::span<const CountedAction> actions) {
  struct stat status {};
  void* memory = MAP_FAILED;
  if (fstat(descriptor.get(), &status) == 0 && status.st_size == sizeof(Layout))
    memory = map(descriptor);
  if (memory == MAP_FAILED) return std::nullopt;
  Counters counters(std::move(descriptor), static_cast<Layout*>(memory));
  if (counters.layout_->version != layout_version || counters.layout_->bytes != sizeof(Layout) ||
      !counters.add_actions(actions))
    return std::nullopt;
  return counters;
}

Counters::Counters(Counters&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), layout_(std::exchange(other.layout_, nullptr)),
      is_taken_(other.is_taken_) {}

Counters::~Counters() {
  if (layout_ != nullptr) munmap(layout_, sizeof(Layout));
}

// One that has another level than before is another one.
bool Counters::add_actions(std::span<const CountedAction> actions) {
  for (const CountedAction& action : actions) {
    const auto known = this->actions();
    const bool is_known = std::any_of(known.begin(), known.end(), [&](const CountedAction& each) {
      return each.name == action.name && each.level == action.level;
    });
    const bool is_too_long = action.name.size() >= sizeof Layout::ActionName::name;
    if (is_known || is_too_long) continue;  // a long name is counted under "(other)"
    const std::size_t at = known.size();
    if (at == max_counted_actions) return false;
    put(layout_->names[at].name, action.name);
    put(layout_->names[at].level, action.level);
    layout_->actions.store(at + 1, std::memory_order_release);
  }
  return true;
}

std::vector<CountedAction> Counters::actions() const {
  std::vector<CountedAction> all;
  for (std::size_t at = 0; at < count_actions(); ++at)
    all.push_back({std::string(text_in(layout_->names[at].name)),
                   std::string(text_in(layout_->names[at].level))});
  return all;
}

std::size_t Counters::action_index(std::string_view name) const {
  // The newest first: it has the level of today.
  for (std::size_t at = count_actions() - 1; at > 0; --at)
    if (text_in(layout_->names[at].name) == name) return at;
  return 0;
}

std::size_t Counters::count_actions() const {
  const std::size_t count = layout_->actions.load(std::memory_order_acquire);
  return std::clamp<std::size_t>(count, 1, max_counted_actions);
}

WorkerCell& Counters::take_cell(std::uint64_t generation) {
  std::size_t at = 0;
  while (at < max_worker_cells - 1 && is_taken_[at]) ++at;
  is_taken_[at] = true;
  WorkerCell& cell = layout_->cell[at];
  cell.state = WorkerState::Starting;
  cell.generation = generation;
  cell.is_of_last = false;
  cell.started = std::chrono::steady_clock::now().time_since_epoch().count();
  cell.threads = cell.connections = cell.most_busy = cell.queued = cell.answered = 0;
  // Its former worker may have been killed in the middle of a request.
  for (ThreadCell& thread : cell.thread)
    if (thread.sequence != 0 || thread.doing != 0) {
      thread.doing = ThreadCell::Nothing;
      thread.sequence = 0;
    }
  cell.pid = -1;
  layout_->cells = std::max(cells().size(), at + 1);
  return cell;
}

void Counters::give_back(WorkerCell& cell) {
  is_taken_[number_of(cell)] = false;
  cell.pid = 0;
  cell.connections = cell.queued = 0;
}

std::size_t Counters::number_of(const WorkerCell& cell) const {
  return static_cast<std::size_t>(&cell - layout_->cell.data());
}

WorkerCell* Counters::take_over(std::size_t number) {
  if (number >= cells().size()) return nullptr;
  is_taken_[number] = true;
  return &layout_->cell[number];
}

std::uint64_t Counters::begin_generation() { return ++layout_->generation; }

void Counters::confine_to(const WorkerCell* cell) {
  // A mapping of a descriptor that only reads is never made writable again.
  const std::string path = "/proc/self/fd/" + std::to_string(descriptor_.get());
  const Descriptor reading(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto keep = [this](const void* part, std::size_t size) {
    const auto at = static_cast<const char*>(part) - reinterpret_cast<const char*>(layout_);
    return mmap(const_cast<void*>(part), size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                descriptor_.get(), at) != MAP_FAILED;
  };
  const bool is_done = reading &&
                       mmap(layout_, sizeof(Layout), PROT_READ, MAP_SHARED | MAP_FIXED,
                            reading.get(), 0) != MAP_FAILED &&
                       keep(&layout_->lost_log_lines, page_bytes) &&
                       (cell == nullptr || keep(cell, sizeof *cell));
  if (!is_done)
    log_event("warning", "the counters of all workers can be written by each",
              {{"reason", std::strerror(errno)}});
  descriptor_.close();
}

void Counters::note_ending(Ending ending) {
  add(layout_->endings[static_cast<std::size_t>(ending)]);
}

void Counters::note_reload(bool done, std::string_view reason) {
  layout_->reload_sequence.fetch_add(1, std::memory_order_acq_rel);
  layout_->reload_time.store(now().time_since_epoch().count(), std::memory_order_release);
  layout_->reload_done.store(done, std::memory_order_release);
  const std::size_t kept = std::min(reason.size(), layout_->reload_reason.size() - 1);
  for (std::size_t at = 0; at < layout_->reload_reason.size(); ++at)
    layout_->reload_reason[at].store(at < kept ? reason[at] : '\0', std::memory_order_release);
  layout_->reload_sequence.fetch_add(1, std::memory_order_release);
}

void Counters::note_totals(const TotalsWords& words) {
  const std::uint64_t number = value_of(layout_->minutes);
  auto& into = layout_->totals[number % layout_->totals.size()];
  for (std::size_t at = 0; at < words.size(); ++at)
    into[at].store(words[at], std::memory_order_relaxed);
  layout_->minutes.store(number + 1, std::memory_order_release);
}

std::vector<TotalsWords> Counters::noted_totals() const {
  const std::uint64_t end = layout_->minutes.load(std::memory_order_acquire);
  std::vector<TotalsWords> all;
  for (std::uint64_t number = end - std::min<std::uint64_t>(end, kept_minutes); number != end;
       ++number) {
    const auto& from = layout_->totals[number % layout_->totals.size()];
    TotalsWords& words = all.emplace_back();
    std::ranges::transform(from, words.begin(), value_of);
  }
  return all;
}

std::span<const WorkerCell> Counters::cells() const {
  return {layout_->cell.data(), std::min<std::size_t>(layout_->cells, max_worker_cells)};
}

Counter& Counters::lost_log_lines() const { return layout_->lost_log_lines; }

std::uint64_t Counters::endings(Ending ending) const {
  return value_of(layout_->endings[static_cast<std::size_t>(ending)]);
}

std::optional<LastReload> Counters::last_reload() const {
  LastReload reload{};
  read_whole(layout_->reload_sequence, [&] {
    reload.time = past(layout_->reload_time.load(std::memory_order_acquire));
    reload.done = layout_->reload_done.load(std::memory_order_acquire) != 0;
    reload.reason.clear();
    for (const auto& each : layout_->reload_reason) {
      const char c = each.load(std::memory_order_acquire);
      if (c == '\0') break;
      reload.reason += c;
    }
  });
  if (reload.time == std::chrono::sys_seconds()) return std::nullopt;
  return reload;
}

std::chrono::sys_seconds Counters::made() const { return past(layout_->made); }

std::string_view ThreadNow::text() const {
  if (doing == ThreadCell::AtWriteLock) return "write lock";
  return phase_names[(doing - ThreadCell::FirstPhase) % phase_names.size()];
}

std::vector<ThreadNow> busy_threads(const WorkerCell& cell) {
  std::vector<ThreadNow> busy;
  const auto time = [](std::int64_t count) { return SteadyTime(SteadyTime::duration(count)); };
  for (std::size_t at = 0; at < std::min<std::size_t>(value_of(cell.threads), max_threads); ++at) {
    const ThreadCell& thread = cell.thread[at];
    ThreadNow now{};
    std::array<std::uint64_t, 8> words{};
    read_whole(thread.sequence, [&] {
      now.doing = thread.doing.load(std::memory_order_acquire);
      now.action = thread.action.load(std::memory_order_acquire);
      now.begun = time(thread.begun.load(std::memory_order_acquire));
      now.since = time(thread.since.load(std::memory_order_acquire));
      for (std::size_t word = 0; word < words.size(); ++word)
        words[word] = thread.id[word].load(std::memory_order_acquire);
    });
    if (now.doing == ThreadCell::Nothing) continue;
    const char* id = reinterpret_cast<const char*>(words.data());
    now.number = at;
    if (now.doing != ThreadCell::AtWriteLock) now.id.assign(id, strnlen(id, sizeof words));
    busy.push_back(std::move(now));
  }
  return busy;
}

}  // namespace actiond
