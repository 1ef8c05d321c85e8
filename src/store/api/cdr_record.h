// The CDR as applications, REST and the shell show it (protocol/records/cdr.json): the one place that turns a
// stored CDR into that form; its JSON text is wire::encode_cdr()'s.
#pragma once

#include "model/generated/protocol.h"
#include "store/api/records.h"

namespace tandem::store {

/// Empty ids and texts become absent fields; quality is absent where no media was agreed. Pure; any thread.
[[nodiscard]] model::Cdr cdr_record(const Cdr& cdr);

}  // namespace tandem::store
