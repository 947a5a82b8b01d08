// Calls to the disk that fail with EIO when a test says so: the test program's own fdatasync(2),
// fsync(2) and pwrite(2) come before the C library's, also for SQLite.
#pragma once

namespace actiond::test {

// The `nth` call from now on fails, and no other; 0: none.
void fail_sync(int nth);
void fail_write(int nth);
// Whether a call failed since then.
bool has_call_failed();

}  // namespace actiond::test
