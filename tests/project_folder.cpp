#include "support.h"

namespace actiond::test {

std::filesystem::path project_folder() { return PROJECT_FOLDER; }

}  // namespace actiond::test
