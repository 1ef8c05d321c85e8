// The id types of the product's nouns.
#pragma once

#include "base/id.h"

namespace tandem::model {

#define TANDEM_ID(Name, Prefix)                        \
  struct Name##Tag {                                   \
    static constexpr std::string_view prefix = Prefix; \
  };                                                   \
  using Name##Id = Id<Name##Tag>
TANDEM_ID(Account, "AC");
TANDEM_ID(Application, "AP");
TANDEM_ID(Session, "SE");
TANDEM_ID(Call, "CA");
TANDEM_ID(Ivr, "IV");
TANDEM_ID(Bridge, "BR");
TANDEM_ID(Conference, "CF");
TANDEM_ID(Queue, "QU");
TANDEM_ID(QueueEntry, "QE");
TANDEM_ID(Endpoint, "EP");
TANDEM_ID(Op, "OP");
TANDEM_ID(Recording, "RE");
TANDEM_ID(Transcript, "TR");
TANDEM_ID(Cdr, "CD");
TANDEM_ID(Number, "PN");
TANDEM_ID(Credential, "CR");
TANDEM_ID(Domain, "DO");
TANDEM_ID(ApiKey, "AK");
TANDEM_ID(Trunk, "TK");
TANDEM_ID(Route, "RT");
TANDEM_ID(Intent, "IN");
#undef TANDEM_ID

}  // namespace tandem::model
