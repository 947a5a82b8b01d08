#include "courier/file_carrier.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <system_error>

#include "files/durable.h"

namespace actiond {

Delivery FileCarrier::deliver(const Parcel& parcel) try {
  mkdir(folder_.c_str(), 0700);  // if it cannot be, the file says so
  replace_file(folder_ / fmt::format("{:04}.eml", parcel.number), parcel.message, 0600);
  sync_folder(folder_);
  return {Delivery::Outcome::Delivered};
} catch (const std::system_error& error) {
  return {Delivery::Outcome::Unreachable, error.what()};
}

}  // namespace actiond
