// Whether this machine has what the settings ask for.
#pragma once

#include <string>
#include <vector>

#include "server/settings/settings.h"

namespace tandem::server {

struct Finding {
  enum class Grade : std::uint8_t { ok, warning, failure };
  Grade grade = Grade::ok;
  std::string what;    ///< "sip.listen udp:127.0.0.1:5060"
  std::string detail;  ///< For people; with a failure also what to do.
};

/// Looks at ports, folders, files, programs and limits; leaves nothing behind but data_dir, which it makes.
/// Blocking.
[[nodiscard]] std::vector<Finding> check_environment(const Settings& settings);

}  // namespace tandem::server
