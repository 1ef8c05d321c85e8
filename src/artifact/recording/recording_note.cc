#include "artifact/recording/recording_note.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace tandem::artifact {
namespace {

constexpr std::string_view kFirst = "tandem recording 1";
constexpr std::string_view kLast = "end";

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

class Fields {
 public:
  explicit Fields(std::string_view text) {
    bool first = true;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (std::exchange(first, false)) {
        known_ = line == kFirst;
      } else if (line == kLast) {
        whole_ = known_;
      } else if (const std::size_t space = line.find(' '); space != std::string_view::npos) {
        values_.emplace(line.substr(0, space), line.substr(space + 1));
      }
    }
  }
  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] std::string_view text(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? std::string_view{} : at->second;
  }
  [[nodiscard]] std::int64_t number(std::string_view name) const {
    const std::string_view s = text(name);
    std::int64_t v = 0;
    std::from_chars(s.data(), s.data() + s.size(), v);
    return v;
  }
  [[nodiscard]] std::optional<WallTime> time(std::string_view name) const {
    if (text(name).empty()) return std::nullopt;
    return WallTime(std::chrono::milliseconds(number(name)));
  }
  /// An id of the kind; empty text is no id.
  template <class I>
  [[nodiscard]] std::optional<I> id(std::string_view name) const {
    const std::string s(text(name));
    return I::valid(s) ? std::optional(I(s)) : std::nullopt;
  }
  template <class E>
  [[nodiscard]] bool one_of(std::string_view name, E last, E& out) const {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      if (to_string(static_cast<E>(i)) != text(name)) continue;
      out = static_cast<E>(i);
      return true;
    }
    return false;
  }

 private:
  std::map<std::string_view, std::string_view> values_;
  bool known_ = false;
  bool whole_ = false;
};

std::int64_t unix_ms(WallTime t) {
  return t.time_since_epoch().count();
}

}  // namespace

std::string to_text(const RecordingNote& note) {
  const model::Recording& r = note.recording;
  std::string out(kFirst);
  const auto put = [&out](std::string_view name, const auto& value) {
    out += fmt::format("\n{} {}", name, value);
  };
  put("id", r.id.str());
  put("account", note.account.str());
  put("state", to_string(r.state));
  if (r.call_id) put("call", r.call_id->str());
  if (r.conference_id) put("conference", r.conference_id->str());
  if (r.offset_ms) put("offset", *r.offset_ms);
  if (r.session_id) put("session", r.session_id->str());
  if (r.application_id) put("application", r.application_id->str());
  if (r.op_id) put("op", r.op_id->str());
  put("format", to_string(r.format));
  put("channels", to_string(r.channels));
  put("tracks", to_string(r.tracks));
  put("rate", r.sample_rate_hz);
  put("started", unix_ms(r.started_at));
  if (r.ended_at) put("ended", unix_ms(*r.ended_at));
  put("duration", r.duration_ms);
  put("size", r.size_bytes);
  if (r.sha256) put("sha256", *r.sha256);
  put("gap", r.gap_ms);
  if (r.error) put("error", one_line(r.error->message));
  put("outlives", note.outlives_session ? 1 : 0);
  if (note.purged_at) put("purged", unix_ms(*note.purged_at));
  return out + "\n" + std::string(kLast) + "\n";
}

std::optional<RecordingNote> note_from(std::string_view text) {
  const Fields f(text);
  const auto id = f.id<model::RecordingId>("id");
  const auto account = f.id<model::AccountId>("account");
  const auto call = f.id<model::CallId>("call");
  const auto conference = f.id<model::ConferenceId>("conference");
  if (!f.whole() || !id || !account || !(call || conference)) return std::nullopt;
  RecordingNote note;
  model::Recording& r = note.recording;
  r.id = *id;
  note.account = *account;
  r.call_id = call;
  r.conference_id = conference;
  if (conference) r.offset_ms = f.number("offset");
  const bool known = f.one_of("state", model::RecordingState::purged, r.state) &&
                     f.one_of("format", model::RecordFormat::mp3, r.format) &&
                     f.one_of("channels", model::RecordChannels::dual, r.channels) &&
                     f.one_of("tracks", model::RecordTracks::heard, r.tracks);
  if (!known) return std::nullopt;
  r.session_id = f.id<model::SessionId>("session");
  r.application_id = f.id<model::ApplicationId>("application");
  r.op_id = f.id<model::OpId>("op");
  r.sample_rate_hz = f.number("rate");
  r.started_at = f.time("started").value_or(WallTime{});
  r.ended_at = f.time("ended");
  r.duration_ms = f.number("duration");
  r.size_bytes = f.number("size");
  if (!f.text("sha256").empty()) r.sha256 = std::string(f.text("sha256"));
  r.gap_ms = f.number("gap");
  if (!f.text("error").empty()) {
    r.error.emplace();
    r.error->code = model::ErrorCode::record_failed;
    r.error->message = std::string(f.text("error"));
  }
  note.outlives_session = f.number("outlives") != 0;
  note.purged_at = f.time("purged");
  return note;
}

}  // namespace tandem::artifact
