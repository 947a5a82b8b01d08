#include "core/database.h"

#include <future>

namespace actiond {

void Store::write(Work work) {
  // Shared: whoever sets it may still be at it when the waiting thread goes on.
  const auto promise = std::make_shared<std::promise<void>>();
  queue(std::move(work), [promise](const std::exception_ptr& error) {
    if (error)
      promise->set_exception(error);
    else
      promise->set_value();
  });
  commit();
  promise->get_future().get();
}

}  // namespace actiond
