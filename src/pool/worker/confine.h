// What a process of ours gives up, for ever, so that whoever breaks into it finds little to go on
// with.
#pragma once

namespace actiond {

// No core dumps, no look into our memory for other processes of the same user, no new privileges by
// running another program.  What is forked inherits it; a program that it runs asks again.
void give_up_dumps_and_privileges();

// For this thread and those that it starts: every system call but those that answering requests
// takes.  What a worker never asks for (to run a program, to make a socket, to look into another
// process) kills it; what is merely not on the list does not exist here.  Where the kernel has no
// such filters that is a warning in the log.
void give_up_system_calls();

}  // namespace actiond
