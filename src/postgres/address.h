// The address of a server, as libpq takes it (PostgreSQL's documentation, 34.1.1).
#pragma once

#include <string>
#include <vector>

namespace actiond {

// Empty parts are those that libpq has a default for.
struct PostgresHost {
  std::string name, address, port;
};

// Those that `url` lists, in that order; at least one.  Throws std::runtime_error, which quotes
// nothing of it, for what is no address, or a doubtful one: a port that is no number, a database
// with an '@', a file of services.
std::vector<PostgresHost> hosts_of(const std::string& url);

// Where the server is, without what is secret: "host=/run/site dbname=site".
std::string shown_postgres(const std::string& url);

// The user that `url` names; "": none.
std::string user_of(const std::string& url);

// "postgres-Aj3-_xQz": another one for another server.
std::string file_name_of(const std::string& url);

// Whether some host of `url` is reached over a network, and not over a Unix socket.
bool is_over_network(const std::string& url);

}  // namespace actiond
