// Reads a JSON object into a struct field by field, with the exact complaint about the first thing that is
// wrong. Used by the generated decoders; Boost.JSON appears in wire/ only.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.h"
#include "model/generated/protocol.h"

namespace tandem::wire {

/// The first error of one decoding. Later ones do not replace it.
class Complaint {
 public:
  void set(model::ErrorCode code, const std::string& path, const std::string& what);
  [[nodiscard]] bool any() const { return error_.has_value(); }
  [[nodiscard]] model::Error take() { return std::move(*error_); }

 private:
  std::optional<model::Error> error_;
};

enum class Need : std::uint8_t { required, optional };

struct TextRule {
  std::size_t min = 0;
  std::size_t max = SIZE_MAX;  ///< In characters.
  bool (*match)(std::string_view) = nullptr;
  std::size_t max_bytes = SIZE_MAX;
};
struct IntegerRule {
  std::int64_t min = INT64_MIN;
  std::int64_t max = INT64_MAX;
  std::initializer_list<std::int64_t> allowed{};
};
struct NumberRule {
  double min = -1e308;
  double max = 1e308;
};
struct ListRule {
  std::size_t min = 0;
  std::size_t max = SIZE_MAX;
};

[[nodiscard]] bool read_text(const boost::json::value& v, const TextRule& rule, std::string& out,
                             Complaint& c, const std::string& path);
[[nodiscard]] bool read_integer(const boost::json::value& v, const IntegerRule& rule, std::int64_t& out,
                                Complaint& c, const std::string& path);
[[nodiscard]] bool read_number(const boost::json::value& v, const NumberRule& rule, double& out, Complaint& c,
                               const std::string& path);

template <class Tag>
void read_id(const boost::json::value& v, Id<Tag>& out, Complaint& c, const std::string& path) {
  if (!v.is_string() || !Id<Tag>::valid(std::string_view(v.get_string()))) {
    c.set(model::ErrorCode::invalid_params, path,
          "must be an id that begins with " + std::string(Tag::prefix));
    return;
  }
  out = Id<Tag>(std::string(v.get_string()));
}

class ObjectReader {
 public:
  /// `path` of the object: empty for params themselves.
  ObjectReader(const boost::json::value& value, Complaint& complaint, std::string path);

  // Each reads one member; absent optional ones leave `out` as it is. A template parameter of
  // std::optional<T> is filled.
  void text(std::string_view name, std::string& out, Need need, const TextRule& rule);
  void text(std::string_view name, std::optional<std::string>& out, Need need, const TextRule& rule) {
    into(
        out, [&](std::string& v) { text(name, v, need, rule); }, name);
  }
  void integer(std::string_view name, std::int64_t& out, Need need, const IntegerRule& rule);
  void integer(std::string_view name, std::uint64_t& out, Need need, const IntegerRule& rule);
  void integer(std::string_view name, std::optional<std::int64_t>& out, Need need, const IntegerRule& rule) {
    into(
        out, [&](std::int64_t& v) { integer(name, v, need, rule); }, name);
  }
  void number(std::string_view name, double& out, Need need, const NumberRule& rule);
  void number(std::string_view name, std::optional<double>& out, Need need, const NumberRule& rule) {
    into(
        out, [&](double& v) { number(name, v, need, rule); }, name);
  }
  void boolean(std::string_view name, bool& out, Need need);
  void boolean(std::string_view name, std::optional<bool>& out, Need need) {
    into(
        out, [&](bool& v) { boolean(name, v, need); }, name);
  }
  template <class Tag>
  void id(std::string_view name, Id<Tag>& out, Need need) {
    const boost::json::value* v = find(name, need);
    if (v != nullptr) read_id(*v, out, complaint_, below(name));
  }
  template <class Tag>
  void id(std::string_view name, std::optional<Id<Tag>>& out, Need need) {
    into(
        out, [&](Id<Tag>& v) { id(name, v, need); }, name);
  }
  /// `parse`: (std::string_view, E&) -> bool. `allowed` is for the message.
  template <class E>
  void enumeration(std::string_view name, E& out, Need need, bool (*parse)(std::string_view, E&),
                   std::string_view allowed) {
    const boost::json::value* v = find(name, need);
    if (v == nullptr) return;
    if (!v->is_string() || !parse(std::string_view(v->get_string()), out))
      wrong(name, "must be one of " + std::string(allowed));
  }
  template <class E>
  void enumeration(std::string_view name, std::optional<E>& out, Need need,
                   bool (*parse)(std::string_view, E&), std::string_view allowed) {
    into(
        out, [&](E& v) { enumeration(name, v, need, parse, allowed); }, name);
  }
  template <class T>
  void object(std::string_view name, T& out, Need need,
              void (*decode)(const boost::json::value&, T&, Complaint&, const std::string&)) {
    const boost::json::value* v = find(name, need);
    if (v != nullptr) decode(*v, out, complaint_, below(name));
  }
  template <class T>
  void object(std::string_view name, std::optional<T>& out, Need need,
              void (*decode)(const boost::json::value&, T&, Complaint&, const std::string&)) {
    into(
        out, [&](T& v) { object(name, v, need, decode); }, name);
  }
  /// `item`: (const value&, T&, Complaint&, const std::string& path).
  template <class T, class Item>
  void list(std::string_view name, std::vector<T>& out, Need need, const ListRule& rule, Item item) {
    const boost::json::value* v = find(name, need);
    if (v == nullptr) return;
    if (!check_list(name, *v, rule)) return;
    out.reserve(v->get_array().size());
    for (std::size_t i = 0; i < v->get_array().size() && !complaint_.any(); ++i) {
      item(v->get_array()[i], out.emplace_back(), complaint_, below(name) + "[" + std::to_string(i) + "]");
    }
  }
  template <class T, class Item>
  void list(std::string_view name, std::optional<std::vector<T>>& out, Need need, const ListRule& rule,
            Item item) {
    into(
        out, [&](std::vector<T>& v) { list(name, v, need, rule, item); }, name);
  }
  void headers(std::string_view name, model::SipHeaders& out, Need need);
  void raw(std::string_view name, std::optional<model::RawJson>& out, Need need, std::size_t max_bytes);

  // Rules about which members stand together.
  void exactly_one_of(std::initializer_list<std::string_view> names);
  void any_of(std::initializer_list<std::string_view> names);
  void together(std::string_view name, std::string_view needed);
  /// The schema knows it, this build does not.
  void not_implemented(std::string_view name);
  /// Complains about members that no rule has read. Call last.
  void finish();

  [[nodiscard]] bool ok() const { return object_ != nullptr && !complaint_.any(); }
  [[nodiscard]] std::string below(std::string_view name) const;
  void wrong(std::string_view name, const std::string& what);

 private:
  const boost::json::value* find(std::string_view name, Need need);
  bool check_list(std::string_view name, const boost::json::value& v, const ListRule& rule);
  template <class T, class Read>
  void into(std::optional<T>& out, Read read, std::string_view name) {
    if (object_ == nullptr || object_->if_contains(name) == nullptr) {
      T unused{};
      read(unused);
      return;
    }
    read(out.emplace());
  }

  const boost::json::object* object_ = nullptr;
  Complaint& complaint_;
  const std::string path_;
  std::vector<std::string_view> known_;
};

}  // namespace tandem::wire
