#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "server/settings/setting_value.h"
#include "server/settings/toml_reader.h"

namespace tandem::server {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;
constexpr std::size_t kMaxErrors = 50;

const SettingSpec* find_spec(std::string_view name) {
  const auto table = setting_table();
  const auto it = std::ranges::find(table, name, &SettingSpec::name);
  return it == table.end() ? nullptr : &*it;
}

bool is_section(std::string_view name) {
  const std::string prefix = std::string(name) + ".";
  return std::ranges::any_of(setting_table(), [&](const auto& s) { return s.name.starts_with(prefix); });
}

/// Edit distance (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::string last_part(std::string_view name) {
  const auto dot = name.rfind('.');
  return std::string(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

/// The known name that was probably meant: near in letters, or the same in another section.
std::string nearest(std::string_view name) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& spec : setting_table()) {
    std::size_t d = distance(name, spec.name);
    if (last_part(spec.name) == last_part(name)) d = std::min<std::size_t>(d, 2);
    if (d < best_distance) best = spec.name, best_distance = d;
  }
  return best;
}

class Loader {
 public:
  explicit Loader(std::string source) : source_(std::move(source)) {}

  void take(const TomlEntry& entry) {
    const SettingSpec* spec = find_spec(entry.name);
    if (spec == nullptr) return unknown(entry);
    lines_.emplace_back(spec->name, entry.line);
    if (auto problem = assign(*spec, entry.value, settings_); !problem.empty()) {
      fail(entry.name, source_, entry.line, std::move(problem));
    }
  }

  void take_environment(const EnvironmentLookup& environment) {
    for (const auto& spec : setting_table()) {
      const std::string name = environment_name(spec.name);
      const auto text = environment(name);
      if (!text) continue;
      if (auto problem = assign(spec, raw_from_text(spec, *text), settings_); !problem.empty()) {
        fail(std::string(spec.name), "environment variable " + name, 0, std::move(problem));
      }
    }
  }

  void fail(std::string key, const std::string& source, int line, std::string message) {
    if (errors_.size() < kMaxErrors) errors_.push_back({std::move(key), source, line, std::move(message)});
  }

  /// What no setting can say for itself.
  void check_together() {
    const auto& s = settings_;
    if (s.media.port_min % 2 != 0) at("media.port_min", "must be even (RTCP takes the odd port above)");
    if (s.media.port_max % 2 != 0) at("media.port_max", "must be even (RTCP takes the odd port above)");
    if (s.media.port_max < s.media.port_min) at("media.port_max", "must not be below media.port_min");
    if (s.media.addresses.size() == 2 && s.media.addresses[0].family == s.media.addresses[1].family) {
      at("media.addresses", "may hold one IPv4 and one IPv6 address, not two of a kind");
    }
    family("media.advertised_address_v4", s.media.advertised_address_v4, model::IpAddress::Family::v4);
    family("media.advertised_address_v6", s.media.advertised_address_v6, model::IpAddress::Family::v6);
    if (s.sip.session_expires_s < s.sip.min_session_expires_s) {
      at("sip.session_expires_s", "must not be below sip.min_session_expires_s");
    }
    const bool tls =
        std::ranges::any_of(s.sip.listen, [](const auto& l) { return l.transport == SipTransport::tls; });
    if (tls && s.sip.tls_certificate.empty())
      at("sip.tls_certificate", "is needed, since sip.listen names tls");
    if (tls && s.sip.tls_key.empty()) at("sip.tls_key", "is needed, since sip.listen names tls");
    if (s.http.tls_certificate.empty() != s.http.tls_key.empty()) {
      at("http.tls_key", "http.tls_certificate and http.tls_key go together");
    }
    const auto& url = s.store.url;
    if (!url.empty() && !url.starts_with("sqlite:") && !url.starts_with("postgresql://") &&
        !url.starts_with("postgres://")) {
      at("store.url", "must begin with sqlite:// or postgresql://");
    }
  }

  SettingsResult finish() && {
    if (!errors_.empty()) return Err(std::move(errors_));
    return std::move(settings_);
  }
  [[nodiscard]] bool failed() const { return !errors_.empty(); }

 private:
  void unknown(const TomlEntry& entry) {
    if (entry.is_table && is_section(entry.name)) return;
    if (is_section(entry.name)) {
      return fail(entry.name, source_, entry.line,
                  "is a section: write [" + entry.name + "] and its settings below");
    }
    const std::string meant = nearest(entry.name);
    fail(entry.name, source_, entry.line,
         "there is no such setting" + (meant.empty() ? std::string() : "; did you mean " + meant + "?"));
  }
  void at(std::string_view key, std::string message) {
    const auto it = std::ranges::find(lines_, key, &std::pair<std::string_view, int>::first);
    fail(std::string(key), source_, it == lines_.end() ? 0 : it->second, std::move(message));
  }
  void family(std::string_view key, const std::optional<model::IpAddress>& ip,
              model::IpAddress::Family wanted) {
    if (!ip || ip->family == wanted) return;
    at(key, wanted == model::IpAddress::Family::v4 ? "must be an IPv4 address" : "must be an IPv6 address");
  }

  std::string source_;
  Settings settings_;
  std::vector<SettingError> errors_;
  std::vector<std::pair<std::string_view, int>> lines_;
};

}  // namespace

Settings::Settings() {
  for (const auto& spec : setting_table()) {
    const auto parsed = read_toml("value = " + std::string(spec.fallback));
    [[maybe_unused]] const bool ok =
        parsed && parsed->size() == 1 && assign(spec, parsed->at(0).value, *this).empty();
    assert(ok);
  }
}

std::string store_url(const Settings& settings) {
  return settings.store.url.empty() ? "sqlite://" + settings.data_dir + "/tandem.db" : settings.store.url;
}

std::string SettingError::str() const {
  std::string text = source;
  if (line > 0) text += ":" + std::to_string(line);
  if (!text.empty()) text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + message;
}

EnvironmentLookup process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

EnvironmentLookup no_environment() {
  return [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
}

SettingsResult parse_settings(std::string_view text, const std::string& source,
                              const EnvironmentLookup& environment) {
  Loader loader(source);
  if (text.size() > kMaxFile) {
    loader.fail("", source, 0, "is larger than 1 MiB");
    return std::move(loader).finish();
  }
  const auto entries = read_toml(text);
  if (!entries) {
    loader.fail("", source, entries.error().line, entries.error().message);
    return std::move(loader).finish();
  }
  for (const auto& entry : *entries) loader.take(entry);
  loader.take_environment(environment);
  if (!loader.failed()) loader.check_together();
  return std::move(loader).finish();
}

SettingsResult load_settings(const std::string& path, const EnvironmentLookup& environment) {
  if (path.empty()) return parse_settings("", "settings", environment);
  const auto failure = [&](std::string message) -> SettingsResult {
    return Err(std::vector<SettingError>{{"", path, 0, std::move(message)}});
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return failure("is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return failure(std::string("cannot be read: ") + std::strerror(errno));
  std::string text(kMaxFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_settings(text, path, environment);
}

}  // namespace tandem::server
