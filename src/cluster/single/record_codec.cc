#include "cluster/single/record_codec.h"

#include <cstdint>

namespace tandem::cluster {
namespace {

/// One list for both directions. A tag is never used again for another field.
template <class Visitor, class RecordRef>
void visit_fields(Visitor& v, RecordRef& r) {
  v.id(1, r.call_id), v.id(2, r.account_id), v.id(3, r.application_id), v.id(4, r.session_id);
  v.text(5, r.direction), v.text(6, r.from), v.text(7, r.to), v.text(8, r.sip_call_id), v.text(9, r.source);
  v.text(10, r.transport), v.text(11, r.state), v.text(12, r.codec), v.text(13, r.tag_json);
  v.number(14, r.started_unix_ms), v.number(15, r.answered_unix_ms), v.number(16, r.updated_unix_ms);
}

void put_le(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
}

std::uint64_t get_le(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

struct Writer {
  std::string out;
  void text(std::uint8_t tag, std::string_view value) {
    if (value.empty()) return;
    out.push_back(static_cast<char>(tag));
    put_le(out, value.size(), 4);
    out += value;
  }
  template <class T>
  void id(std::uint8_t tag, const T& value) {
    text(tag, value.str());
  }
  void number(std::uint8_t tag, std::int64_t value) {
    if (value == 0) return;
    std::string bytes;
    put_le(bytes, static_cast<std::uint64_t>(value), 8);
    text(tag, bytes);
  }
};

/// Takes the one field that it holds, if the list names its tag.
struct Taker {
  std::uint8_t tag;
  std::string_view value;
  void text(std::uint8_t t, std::string& field) const {
    if (t == tag) field = value;
  }
  template <class T>
  void id(std::uint8_t t, T& field) const {
    if (t == tag) field = T(std::string(value));
  }
  void number(std::uint8_t t, std::int64_t& field) const {
    if (t == tag && value.size() == 8) field = static_cast<std::int64_t>(get_le(value));
  }
};

}  // namespace

std::string encode(const CallRecord& record) {
  Writer writer;
  visit_fields(writer, record);
  return std::move(writer.out);
}

std::optional<CallRecord> decode(std::string_view bytes) {
  CallRecord record;
  while (!bytes.empty()) {
    if (bytes.size() < 5) return std::nullopt;
    const auto size = get_le(bytes.substr(1, 4));
    if (size > bytes.size() - 5) return std::nullopt;
    Taker taker{static_cast<std::uint8_t>(bytes[0]), bytes.substr(5, size)};
    visit_fields(taker, record);
    bytes.remove_prefix(5 + size);
  }
  if (record.call_id.empty()) return std::nullopt;
  return record;
}

}  // namespace tandem::cluster
