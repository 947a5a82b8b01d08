#include "site/actions.h"
#include "site_under_test.h"

namespace actiond::test {

Site tested_site() { return site::site(); }
std::filesystem::path tested_pages() { return project_folder() / "static"; }

}  // namespace actiond::test
