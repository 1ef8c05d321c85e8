// The one declaration of every setting: name, type, default, bounds, help. Parsing, the reference and the
// JSON Schema are made from it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/settings/settings.h"

namespace tandem::server {

template <class T>
using FieldOf = T& (*)(Settings&);
/// The field's type is the setting's type.
using Field =
    std::variant<FieldOf<bool>, FieldOf<std::int64_t>, FieldOf<double>, FieldOf<std::string>,
                 FieldOf<LogLevel>, FieldOf<model::SocketAddress>, FieldOf<std::optional<model::IpAddress>>,
                 FieldOf<std::vector<model::IpAddress>>, FieldOf<std::vector<model::IpBlock>>,
                 FieldOf<std::vector<SipListen>>, FieldOf<std::vector<model::Codec>>>;

struct SettingSpec {
  std::string_view name;
  Field field;
  std::string_view fallback;  ///< The default as TOML.
  double min = 0;             ///< Of numbers; of texts and lists the number of characters or elements.
  double max = 0;
  std::string_view help;
};

/// Sections in the order in which people read them. All settings take effect at the next start.
[[nodiscard]] std::span<const SettingSpec> setting_table();
/// "TANDEM_SIP_LISTEN" for "sip.listen".
[[nodiscard]] std::string environment_name(std::string_view setting);

}  // namespace tandem::server
