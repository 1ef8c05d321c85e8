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
  return {"id", "name", "calls", "calls/s", "created"};
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
  return {"id", "account", "application", "name", "addresses"};
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
  return {{a.id.str(), a.name, a.max_concurrent_calls == 0 ? "-" : std::to_string(a.max_concurrent_calls),
           a.max_calls_per_second == 0 ? "-" : fmt::format("{}", a.max_calls_per_second), rfc3339(a.created)},
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
  std::string list, json = "[";
  for (const auto& block : t.addresses) {
    list += (list.empty() ? "" : " ") + block.str();
    json += (json.size() == 1 ? "" : ",") + store::json_quoted(block.str());
  }
  FlatJsonWriter out;
  out.add("id", t.id.str())
      .add("account_id", t.account_id.str())
      .add("application_id", t.application_id.str());
  out.add("name", t.name).add_raw("addresses", json + "]").add("created", rfc3339(t.created));
  return {{t.id.str(), t.account_id.str(), or_dash(t.application_id), t.name, list}, out.str()};
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
