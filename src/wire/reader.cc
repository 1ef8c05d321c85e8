#include "wire/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wire/matchers.h"

namespace tandem::wire {

namespace json = boost::json;

namespace {

/// Numbers such as 1e400 are read as infinity, which JSON cannot say again. The depth is bounded by the
/// parser.
bool finite(const json::value& v) {
  if (v.is_double()) return std::isfinite(v.get_double());
  if (v.is_array()) return std::all_of(v.get_array().begin(), v.get_array().end(), finite);
  if (v.is_object()) {
    return std::all_of(v.get_object().begin(), v.get_object().end(),
                       [](const auto& m) { return finite(m.value()); });
  }
  return true;
}

}  // namespace

void Complaint::set(model::ErrorCode code, const std::string& path, const std::string& what) {
  if (error_) return;
  error_.emplace();
  error_->code = code;
  error_->field = path;
  error_->message = path.empty() ? what : path + ": " + what;
}

bool read_text(const json::value& v, const TextRule& rule, std::string& out, Complaint& c,
               const std::string& path) {
  const auto bad = [&](const std::string& what) {
    c.set(model::ErrorCode::invalid_params, path, what);
    return false;
  };
  if (!v.is_string()) return bad("must be a string");
  const std::string_view s(v.get_string());
  const std::size_t length = utf8_length(s);
  if (length == 0 && rule.min > 0) return bad("must not be empty");
  if (length < rule.min) return bad(fmt::format("must have at least {} characters", rule.min));
  if (length > rule.max) return bad(fmt::format("must have at most {} characters", rule.max));
  if (s.size() > rule.max_bytes) return bad(fmt::format("must have at most {} bytes", rule.max_bytes));
  if (rule.match != nullptr && !rule.match(s))
    return bad("has characters that are not allowed, or is not well-formed");
  out.assign(s);
  return true;
}

bool read_integer(const json::value& v, const IntegerRule& rule, std::int64_t& out, Complaint& c,
                  const std::string& path) {
  const auto bad = [&](const std::string& what) {
    c.set(model::ErrorCode::invalid_params, path, what);
    return false;
  };
  std::int64_t n = 0;
  if (v.is_int64()) {
    n = v.get_int64();
  } else if (v.is_double() && std::abs(v.get_double()) < 9e15 &&
             std::trunc(v.get_double()) == v.get_double()) {
    n = static_cast<std::int64_t>(v.get_double());  // 1.0 is an integer in JSON Schema.
  } else if (v.is_uint64()) {
    return bad(fmt::format("must be at most {}", rule.max));
  } else {
    return bad("must be an integer");
  }
  if (rule.allowed.size() != 0) {
    if (std::find(rule.allowed.begin(), rule.allowed.end(), n) == rule.allowed.end()) {
      return bad(fmt::format("must be one of {}", fmt::join(rule.allowed, ", ")));
    }
  }
  if (n < rule.min) return bad(fmt::format("must be at least {}", rule.min));
  if (n > rule.max) return bad(fmt::format("must be at most {}", rule.max));
  out = n;
  return true;
}

bool read_number(const json::value& v, const NumberRule& rule, double& out, Complaint& c,
                 const std::string& path) {
  if (!v.is_number()) {
    c.set(model::ErrorCode::invalid_params, path, "must be a number");
    return false;
  }
  const double n = v.to_number<double>();
  if (n < rule.min || n > rule.max) {
    c.set(model::ErrorCode::invalid_params, path, fmt::format("must be from {} to {}", rule.min, rule.max));
    return false;
  }
  out = n;
  return true;
}

ObjectReader::ObjectReader(const json::value& value, Complaint& complaint, std::string path)
    : complaint_(complaint), path_(std::move(path)) {
  if (value.is_object()) {
    object_ = &value.get_object();
  } else {
    complaint_.set(model::ErrorCode::invalid_params, path_,
                   path_.empty() ? "params must be an object" : "must be an object");
  }
}

std::string ObjectReader::below(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void ObjectReader::wrong(std::string_view name, const std::string& what) {
  complaint_.set(model::ErrorCode::invalid_params, below(name), what);
}

const json::value* ObjectReader::find(std::string_view name, Need need) {
  known_.push_back(name);
  if (object_ == nullptr || complaint_.any()) return nullptr;
  const json::value* v = object_->if_contains(name);
  if (v == nullptr && need == Need::required) wrong(name, "is required");
  return v;
}

void ObjectReader::text(std::string_view name, std::string& out, Need need, const TextRule& rule) {
  if (const json::value* v = find(name, need)) (void)read_text(*v, rule, out, complaint_, below(name));
}

void ObjectReader::integer(std::string_view name, std::int64_t& out, Need need, const IntegerRule& rule) {
  if (const json::value* v = find(name, need)) (void)read_integer(*v, rule, out, complaint_, below(name));
}

void ObjectReader::integer(std::string_view name, std::uint64_t& out, Need need, const IntegerRule& rule) {
  std::int64_t n = static_cast<std::int64_t>(out);
  integer(name, n, need, rule);
  if (n >= 0) out = static_cast<std::uint64_t>(n);
}

void ObjectReader::number(std::string_view name, double& out, Need need, const NumberRule& rule) {
  if (const json::value* v = find(name, need)) (void)read_number(*v, rule, out, complaint_, below(name));
}

void ObjectReader::boolean(std::string_view name, bool& out, Need need) {
  const json::value* v = find(name, need);
  if (v == nullptr) return;
  if (!v->is_bool()) {
    wrong(name, "must be true or false");
    return;
  }
  out = v->get_bool();
}

bool ObjectReader::check_list(std::string_view name, const json::value& v, const ListRule& rule) {
  if (!v.is_array()) {
    wrong(name, "must be a list");
    return false;
  }
  const std::size_t n = v.get_array().size();
  if (n < rule.min)
    wrong(name, n == 0 ? "must not be empty" : fmt::format("must have at least {} items", rule.min));
  if (n > rule.max) wrong(name, fmt::format("must have at most {} items", rule.max));
  return !complaint_.any();
}

void ObjectReader::headers(std::string_view name, model::SipHeaders& out, Need need) {
  static constexpr std::size_t kMaxHeaders = 32;
  static constexpr std::size_t kMaxValue = 1024;
  const json::value* v = find(name, need);
  if (v == nullptr) return;
  if (!v->is_object()) {
    wrong(name, "must be an object of header names and values");
    return;
  }
  if (v->get_object().size() > kMaxHeaders) {
    wrong(name, fmt::format("must have at most {} headers", kMaxHeaders));
    return;
  }
  for (const auto& [key, value] : v->get_object()) {
    const std::string path = below(name) + "." + std::string(std::string_view(key).substr(0, 64));
    if (!match_header_name(std::string_view(key))) {
      complaint_.set(model::ErrorCode::invalid_params, path, "is no header name");
      return;
    }
    std::string text;
    if (!read_text(value, {0, kMaxValue, match_header_value, kMaxValue}, text, complaint_, path)) return;
    out.emplace_back(std::string(std::string_view(key)), std::move(text));
  }
}

void ObjectReader::raw(std::string_view name, std::optional<model::RawJson>& out, Need need,
                       std::size_t max_bytes) {
  const json::value* v = find(name, need);
  if (v == nullptr) return;
  if (!finite(*v)) {
    wrong(name, "has a number that is too large");
    return;
  }
  std::string text = json::serialize(*v);
  if (text.size() > max_bytes) {
    wrong(name, fmt::format("must have at most {} bytes as JSON", max_bytes));
    return;
  }
  out = model::RawJson{std::move(text)};
}

void ObjectReader::exactly_one_of(std::initializer_list<std::string_view> names) {
  if (!ok()) return;
  const auto present =
      std::count_if(names.begin(), names.end(), [&](auto n) { return object_->contains(n); });
  if (present == 1) return;
  complaint_.set(model::ErrorCode::invalid_params, path_.empty() ? std::string(*names.begin()) : path_,
                 fmt::format("exactly one of {} is needed", fmt::join(names, ", ")));
}

void ObjectReader::any_of(std::initializer_list<std::string_view> names) {
  if (!ok()) return;
  if (std::any_of(names.begin(), names.end(), [&](auto n) { return object_->contains(n); })) return;
  complaint_.set(model::ErrorCode::invalid_params, path_.empty() ? std::string(*names.begin()) : path_,
                 fmt::format("at least one of {} is needed", fmt::join(names, ", ")));
}

void ObjectReader::together(std::string_view name, std::string_view needed) {
  if (!ok() || !object_->contains(name) || object_->contains(needed)) return;
  wrong(needed, "is required with " + std::string(name));
}

void ObjectReader::not_implemented(std::string_view name) {
  known_.push_back(name);
  if (!ok() || !object_->contains(name)) return;
  complaint_.set(model::ErrorCode::not_implemented, below(name), "this server cannot do it yet");
}

void ObjectReader::finish() {
  if (!ok()) return;
  for (const auto& [key, value] : *object_) {
    if (std::find(known_.begin(), known_.end(), std::string_view(key)) == known_.end()) {
      wrong(std::string_view(key).substr(0, 64), "is not known");
      return;
    }
  }
}

}  // namespace tandem::wire
