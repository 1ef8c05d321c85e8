// Telephone numbers between E.164 and how a trunk writes them. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "store/api/trunk.h"

namespace tandem::store {

/// `number` as `format` wants it on the wire. A leading + or, with `national`, the absence of a trunk prefix
/// marks E.164; what is no telephone number, or a service code with * or #, stays as it is.
[[nodiscard]] std::string to_wire(const NumberFormat& format, std::string_view number);
/// The number that a trunk wrote as `wire`, in E.164 with + where the format allows to tell.
[[nodiscard]] std::string from_wire(const NumberFormat& format, std::string_view wire);

}  // namespace tandem::store
