// Runs a fuzz target on every file of a folder: what libFuzzer once found stays found.
//
//   TARGET_fuzz FOLDER

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include "support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: " << arguments[0] << " FOLDER\n";
    return 2;
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    std::cerr << entry.path().string() << std::endl;  // the last one named is the one that failed
    const std::string input = actiond::test::read_file(entry.path());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    ++files;
  }
  std::cout << files << " files\n";
  return files == 0 ? 1 : 0;
}
