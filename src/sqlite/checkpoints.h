// When what the write-ahead log holds is copied back into the database: every 4 MiB of it, since
// then a checkpoint stays short, and the log small.
#pragma once

#include "sqlite/connection.h"

namespace actiond {

class Checkpoints {
 public:
  // Behind a commit, of the holder of the write lock.  One that fails leaves the commits in the
  // log, synced; the connection tells whether its device did.
  void make_when_due(Connection& writer);

 private:
  static constexpr int every_frames = 1000;  // pages of 4 KiB

  int due_at_frames_ = every_frames;
};

}  // namespace actiond
