// A request of an application, decoded and checked against the schema.
#pragma once

#include "model/generated/protocol.h"

namespace tandem::model {

struct Request {
  std::string rpc_id;  ///< The JSON-RPC id as JSON text: a number or a quoted string.
  RequestParams params;
};

}  // namespace tandem::model
