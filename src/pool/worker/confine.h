// Privileges and system calls that a process gives up for ever, so that an attacker who takes it
// over can do little.
#pragma once

namespace actiond {

// No core dumps, no look into our memory for other processes of the same user, no new privileges by
// running another program.  What is forked inherits it; a program that it runs asks again.
void give_up_dumps_and_privileges();

// The sockets that answering takes, besides those that a process has and is given.
enum class Opens { Nothing, UnixSockets, Connections };

// Leaves this thread, and those that it starts, the system calls that answering requests takes.  A
// call that no worker makes (to run a program, to make a socket of which `opens` says nothing, to
// look into another process) kills it; any other call that is not on the list fails with ENOSYS.
// Without such filters in the kernel the log has a warning.
void give_up_system_calls(Opens opens);

// The same for the courier, which makes connections and takes none.
void give_up_system_calls_of_courier();

}  // namespace actiond
