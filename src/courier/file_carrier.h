// Where no relay is set: each mail becomes a file.
#pragma once

#include <filesystem>

#include "courier/carrier.h"

namespace actiond {

class FileCarrier final : public Carrier {
 public:
  // Makes the folder, mode 0700, when it is missing.
  explicit FileCarrier(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // FOLDER/0017.eml, mode 0600, on disk when this returns; again, it is the same file.
  Delivery deliver(const Parcel& parcel) override;

 private:
  const std::filesystem::path folder_;
};

}  // namespace actiond
