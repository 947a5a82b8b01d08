#include "sqlite/checkpoints.h"

#include <algorithm>
#include <exception>

namespace actiond {

void Checkpoints::make_when_due(Connection& writer) {
  // By then a checkpoint would have sufficed, had there been a moment without readers.
  constexpr int restart_at_frames = 2 * every_frames;
  const int frames = writer.wal_frames();
  if (frames < due_at_frames_) {
    due_at_frames_ = std::max(every_frames, std::min(due_at_frames_, frames + every_frames));
    return;
  }
  // Readers may hold some of it back: the next try comes after as much again.
  due_at_frames_ = frames + every_frames;
  try {
    if (frames < restart_at_frames)
      writer.checkpoint();
    else
      writer.restart_log();
  } catch (const std::exception&) {
    // The commits stay in the log.
  }
}

}  // namespace actiond
