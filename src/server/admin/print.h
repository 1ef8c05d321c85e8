// How `tandem admin` shows records: tables for people, one JSON object a line for programs.
#pragma once

#include <string>
#include <vector>

#include "store/api/records.h"

namespace tandem::server {

/// Fields in the order of the columns; JSON text for programs.
struct Shown {
  std::vector<std::string> cells;
  std::string json;
};

[[nodiscard]] std::vector<std::string> columns(const store::Account*);
[[nodiscard]] std::vector<std::string> columns(const store::Application*);
[[nodiscard]] std::vector<std::string> columns(const store::Number*);
[[nodiscard]] std::vector<std::string> columns(const store::Domain*);
[[nodiscard]] std::vector<std::string> columns(const store::Trunk*);
[[nodiscard]] std::vector<std::string> columns(const store::Credential*);
[[nodiscard]] std::vector<std::string> columns(const store::ApiKey*);
[[nodiscard]] std::vector<std::string> columns(const store::Queue*);
[[nodiscard]] std::vector<std::string> columns(const store::Cdr*);
/// The webhook secret is in an account's JSON and nowhere else.
[[nodiscard]] Shown show(const store::Account& a);
[[nodiscard]] Shown show(const store::Application& a);
[[nodiscard]] Shown show(const store::Number& n);
[[nodiscard]] Shown show(const store::Domain& d);
/// Without the password.
[[nodiscard]] Shown show(const store::Trunk& t);
/// Without the hashes.
[[nodiscard]] Shown show(const store::Credential& c);
[[nodiscard]] Shown show(const store::ApiKey& k);
[[nodiscard]] Shown show(const store::Queue& q);
[[nodiscard]] Shown show(const store::Cdr& c);

/// Columns padded to their widest cell; control characters replaced, so that no caller writes on the
/// terminal.
[[nodiscard]] std::string table(const std::vector<std::string>& header, const std::vector<Shown>& rows);

}  // namespace tandem::server
