// Messages of the inbox that actions in C++ were sent: of those that are declared with Inbox.
#pragma once

#include <string>
#include <vector>

#include "action/sent.h"
#include "mail/address.h"
#include "store/inbox.h"

namespace actiond {

class ActionMessages final : public SentMessages {
 public:
  // `owners` are told of messages, if the declaration says so.
  explicit ActionMessages(std::vector<Address> owners) : owners_(std::move(owners)) {}

  void put(Transaction& tx, const SentMessage& sent, Time now) const override;
  // The message was held, and has run now.
  void accept(Transaction& tx, const Action& action, const InboxMessage& held, Time now) const;

 private:
  void tell_of(Transaction& tx, const Action& action, const std::vector<MessageField>& fields,
               std::int64_t id, Time now) const;

  std::vector<Address> owners_;
};

// Keeps a file under a name that `/uploads/`, which asks for nobody, does not serve.
std::string keep_apart(File file, Transaction& tx);

}  // namespace actiond
