#include "server/admin/print.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/api/cdr_record.h"
#include "store/spool/flat_json.h"
#include "wire/frame.h"
#include "wire/writer.h"

namespace tandem::server {
namespace {

using store::FlatJsonWriter;
using wire::rfc3339;

template <class Id>
std::string or_dash(const Id& id) {
  return id.empty() ? "-" : id.str();
}
std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string one_decimal(double v) {
  return fmt::format("{:.1f}", v);
}

std::string seconds(std::int64_t ms) {
  return fmt::format("{}.{:01}s", ms / 1000, ms % 1000 / 100);
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : " ") + item;
  return text;
}

std::string json_list(const std::vector<std::string>& list) {
  std::string json = "[";
  for (const auto& item : list) json += (json.size() == 1 ? "" : ",") + store::json_quoted(item);
  return json + "]";
}

/// As `trunk create --gateway` takes it.
std::string text_of(const store::Gateway& g) {
  std::string text = g.host.find(':') == std::string::npos ? g.host : "[" + g.host + "]";
  if (g.port != 0) text += ":" + std::to_string(g.port);
  if (g.transport != model::SipTransport::udp) text += ";transport=" + std::string(to_string(g.transport));
  if (g.priority != 0) text += ";priority=" + std::to_string(g.priority);
  if (g.weight != 1) text += ";weight=" + std::to_string(g.weight);
  return g.probe ? text : text + ";probe=no";
}

std::string json_of(const store::NumberFormat& f) {
  FlatJsonWriter out;
  out.add("style", to_string(f.style))
      .add("country_code", f.country_code)
      .add("trunk_prefix", f.trunk_prefix);
  out.add("international_prefix", f.international_prefix)
      .add("strip_digits", std::int64_t{f.strip_digits})
      .add("add_prefix", f.add_prefix);
  return out.str();
}

/// Code points, as a terminal shows them; good enough for names and numbers.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

std::string harmless(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  // The second half of C1 controls in UTF-8 (U+0080 to U+009F): some terminals obey them.
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\xc2' && static_cast<unsigned char>(text[i + 1]) < 0xa0) text.replace(i, 2, "??");
  }
  return text;
}

}  // namespace

std::vector<std::string> columns(const store::Account*) {
  return {"id", "name", "calls", "calls/s", "outbound", "created"};
}
std::vector<std::string> columns(const store::Application*) {
  return {"id", "account", "name", "url", "fallback"};
}
std::vector<std::string> columns(const store::Number*) {
  return {"id", "account", "application", "did", "kind", "ani"};
}
std::vector<std::string> columns(const store::Domain*) {
  return {"id", "account", "application", "name"};
}
std::vector<std::string> columns(const store::Trunk*) {
  return {"id", "account", "application", "name", "addresses", "gateways"};
}
std::vector<std::string> columns(const store::Credential*) {
  return {"id", "account", "of", "username", "realm", "created"};
}
std::vector<std::string> columns(const store::ApiKey*) {
  return {"id", "account", "name", "scopes", "expires", "last used", "state"};
}
std::vector<std::string> columns(const store::Queue*) {
  return {"id", "account", "name", "size", "wait", "overflow", "order"};
}
std::vector<std::string> columns(const store::Cdr*) {
  return {"started", "from", "to", "duration", "verdict", "party", "sip", "codec", "loss%", "jitter", "mos"};
}

Shown show(const store::Account& a) {
  FlatJsonWriter out;
  out.add("id", a.id.str()).add("name", a.name).add("webhook_secret", a.webhook_secret);
  out.add("orphan_max_duration_ms", a.orphan_max_duration_ms)
      .add("max_call_duration_ms", a.max_call_duration_ms);
  out.add("max_concurrent_calls", std::int64_t{a.max_concurrent_calls});
  out.add("max_calls_per_second", a.max_calls_per_second).add("created", rfc3339(a.created));
  out.add("outbound_application_id", a.outbound_application_id.str())
      .add("max_outbound_calls_per_second", a.max_outbound_calls_per_second)
      .add("intent_queue_size", std::int64_t{a.intent_queue_size})
      .add("intent_expiry_ms", a.intent_expiry_ms)
      .add_raw("allowed_prefixes", json_list(a.allowed_prefixes))
      .add("queues_on_first_use", a.queues_on_first_use);
  return {{a.id.str(), a.name, a.max_concurrent_calls == 0 ? "-" : std::to_string(a.max_concurrent_calls),
           a.max_calls_per_second == 0 ? "-" : fmt::format("{}", a.max_calls_per_second),
           or_dash(a.outbound_application_id), rfc3339(a.created)},
          out.str()};
}

Shown show(const store::Application& a) {
  FlatJsonWriter out;
  out.add("id", a.id.str()).add("account_id", a.account_id.str()).add("name", a.name).add("url", a.url);
  out.add("fallback_url", a.fallback_url).add("created", rfc3339(a.created));
  return {{a.id.str(), a.account_id.str(), a.name, a.url, or_dash(a.fallback_url)}, out.str()};
}

Shown show(const store::Number& n) {
  FlatJsonWriter out;
  out.add("id", n.id.str())
      .add("account_id", n.account_id.str())
      .add("application_id", n.application_id.str());
  out.add("did", n.did).add("prefix", n.prefix).add("ani", n.ani).add("created", rfc3339(n.created));
  return {{n.id.str(), n.account_id.str(), n.application_id.str(), n.did, n.prefix ? "prefix" : "number",
           or_dash(n.ani)},
          out.str()};
}

Shown show(const store::Domain& d) {
  FlatJsonWriter out;
  out.add("id", d.id.str())
      .add("account_id", d.account_id.str())
      .add("application_id", d.application_id.str());
  out.add("name", d.name).add("created", rfc3339(d.created));
  return {{d.id.str(), d.account_id.str(), d.application_id.str(), d.name}, out.str()};
}

Shown show(const store::Trunk& t) {
  std::vector<std::string> blocks, gateways;
  for (const auto& block : t.addresses) blocks.push_back(block.str());
  for (const auto& g : t.gateways) gateways.push_back(text_of(g));
  FlatJsonWriter out;
  out.add("id", t.id.str())
      .add("account_id", t.account_id.str())
      .add("application_id", t.application_id.str());
  out.add("name", t.name).add_raw("addresses", json_list(blocks)).add("created", rfc3339(t.created));
  out.add("realm", t.realm).add_raw("gateways", json_list(gateways)).add("username", t.login.username);
  out.add("login_realm", t.login.realm).add("register", t.registration.enabled);
  if (t.registration.enabled) {
    out.add("registrar", t.registration.registrar_uri).add("address_uri", t.registration.address_uri);
    out.add("contact_user", t.registration.contact_user)
        .add("expires_s", std::int64_t{t.registration.expires_s});
  }
  out.add("srtp", to_string(t.srtp)).add("max_calls_per_second", t.max_calls_per_second);
  out.add("max_concurrent_calls", std::int64_t{t.max_concurrent_calls});
  out.add_raw("outbound_format", json_of(t.outbound_format))
      .add_raw("inbound_format", json_of(t.inbound_format));
  out.add_raw("prefixes", json_list(t.prefixes)).add("priority", std::int64_t{t.priority});
  out.add("default_caller_id", t.default_caller_id)
      .add_raw("allowed_caller_ids", json_list(t.allowed_caller_ids))
      .add("trusted", t.trusted);
  out.add("first_response_timeout_ms", std::int64_t{t.first_response_timeout_ms})
      .add("ring_timeout_ms", std::int64_t{t.ring_timeout_ms});
  return {{t.id.str(), t.account_id.str(), or_dash(t.application_id), t.name, or_dash(joined(blocks)),
           or_dash(joined(gateways))},
          out.str()};
}

Shown show(const store::Credential& c) {
  FlatJsonWriter out;
  out.add("id", c.id.str()).add("account_id", c.account_id.str()).add("domain_id", c.domain_id.str());
  out.add("trunk_id", c.trunk_id.str()).add("username", c.username).add("realm", c.realm);
  out.add("created", rfc3339(c.created));
  return {{c.id.str(), c.account_id.str(), c.domain_id.empty() ? c.trunk_id.str() : c.domain_id.str(),
           c.username, c.realm, rfc3339(c.created)},
          out.str()};
}

Shown show(const store::ApiKey& k) {
  std::vector<std::string> scopes;
  for (const auto scope : k.scopes) scopes.emplace_back(to_string(scope));
  const auto time = [](const std::optional<WallTime>& t) { return t ? rfc3339(*t) : std::string(); };
  FlatJsonWriter out;
  out.add("id", k.id.str()).add("account_id", k.account_id.str()).add("name", k.name);
  out.add_raw("scopes", json_list(scopes)).add("expires", time(k.expires));
  out.add("last_used", time(k.last_used)).add("revoked", time(k.revoked)).add("created", rfc3339(k.created));
  return {{k.id.str(), or_dash(k.account_id), k.name, joined(scopes), or_dash(time(k.expires)),
           or_dash(time(k.last_used)), k.revoked ? "revoked" : "valid"},
          out.str()};
}

Shown show(const store::Queue& q) {
  const std::string overflow(to_string(q.overflow_action)), order(to_string(q.order));
  FlatJsonWriter out;
  out.add("id", q.id.str()).add("account_id", q.account_id.str()).add("name", q.name);
  out.add("max_size", std::int64_t{q.max_size}).add("max_wait_ms", q.max_wait_ms);
  out.add("overflow_action", overflow).add("overflow_queue", q.overflow_queue);
  out.add_raw("wait_urls", json_list(q.wait_urls)).add("order", order).add("created", rfc3339(q.created));
  return {{q.id.str(), q.account_id.str(), q.name, q.max_size == 0 ? "-" : std::to_string(q.max_size),
           q.max_wait_ms == 0 ? "-" : seconds(q.max_wait_ms),
           q.overflow_queue.empty() ? overflow : overflow + " " + q.overflow_queue, order},
          out.str()};
}

Shown show(const store::Cdr& c) {
  const auto& q = c.quality;
  const bool heard = q.packets_received > 0;
  return {{rfc3339(c.started), or_dash(c.from), or_dash(c.to), seconds(c.duration_ms),
           std::string(to_string(c.verdict.reason)), std::string(to_string(c.verdict.party)),
           std::to_string(c.verdict.sip_code), or_dash(c.codec), heard ? one_decimal(q.loss_percent) : "-",
           heard ? one_decimal(q.jitter_ms) : "-", q.mos > 0 ? one_decimal(q.mos) : "-"},
          wire::encode_cdr(store::cdr_record(c))};
}

std::string table(const std::vector<std::string>& header, const std::vector<Shown>& rows) {
  std::vector<std::vector<std::string>> lines{header};
  for (const auto& row : rows) {
    lines.emplace_back();
    for (const auto& cell : row.cells) lines.back().push_back(harmless(cell));
  }
  std::vector<std::size_t> widths(header.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  std::string out;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out += std::string(widths[i] - width(line[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace tandem::server
