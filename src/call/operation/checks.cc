#include <fmt/format.h>

#include <algorithm>

#include "call/operation/verbs.h"
#include "call/resource/call.h"
#include "sip/api/header_rules.h"

namespace tandem::call {

using model::ErrorCode;

Completion succeeded(model::OpReason reason, model::OpResult result) {
  return {model::OpOutcome::succeeded, reason, std::move(result), std::nullopt};
}
Completion failed(model::Error error, model::OpResult result) {
  return {model::OpOutcome::failed, model::OpReason::error, std::move(result), std::move(error)};
}

model::Error make_error(ErrorCode code, std::string message, std::string field) {
  model::Error error;
  error.code = code;
  error.message = std::move(message);
  error.field = std::move(field);
  return error;
}

HostOver OpHost::over_because() const {
  return {model::OpReason::call_ended, make_error(ErrorCode::call_ended, "the call ended first")};
}

CallOperation::CallOperation(Call& call, OperationTraits traits) : Operation(call, traits), call_(call) {}

void Operation::finish(Completion completion) {
  host_.ops().finished(key_, std::move(completion));
}

void Operation::progress(std::int64_t elapsed_ms) {
  model::OpProgressEvent event;
  event.method = traits_.method;
  event.elapsed_ms = elapsed_ms;
  host_.emit(std::move(event), id_);
}

Operation* CallFinder::operation(const model::CallId& id, const model::OpId& op) {
  Call* found = call(id);
  return found == nullptr ? nullptr : found->ops().begun(op);
}

machine::BusyRule busy_rule(model::WhenBusy when_busy) {
  switch (when_busy) {
    case model::WhenBusy::queue:
      return machine::BusyRule::queue;
    case model::WhenBusy::interrupt:
      return machine::BusyRule::interrupt;
    case model::WhenBusy::reject:
      return machine::BusyRule::reject;
  }
  return machine::BusyRule::queue;
}

Result<sip::Headers, model::Error> checked_headers(const model::SipHeaders& headers) {
  sip::Headers out;
  for (const auto& [name, value] : headers) {
    const std::string field = fmt::format("headers.{}", name);
    if (!sip::settable_header(name)) {
      return Err(
          make_error(ErrorCode::invalid_params, field + ": applications may not set this header", field));
    }
    if (!sip::valid_header_value(value)) {
      return Err(
          make_error(ErrorCode::invalid_params, field + ": must be one line of at most 1024 bytes", field));
    }
    out.emplace_back(name, value);
  }
  if (out.size() > sip::kMaxCustomHeaders) {
    return Err(make_error(ErrorCode::invalid_params,
                          fmt::format("headers: at most {}", sip::kMaxCustomHeaders), "headers"));
  }
  return out;
}

model::HeaderList header_list(const sip::Headers& headers) {
  model::HeaderList out;
  for (const auto& [name, value] : headers) {
    const auto same = [&name = name](const auto& entry) { return entry.first == name; };
    const auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end()) {
      out.emplace_back(name, value);
    } else {
      found->second += ", " + value;
    }
  }
  return out;
}

std::optional<model::Error> check_line(const std::string& text, const char* field) {
  if (sip::valid_header_value(text)) return std::nullopt;
  return make_error(ErrorCode::invalid_params, fmt::format("{}: must be one line", field), field);
}

namespace {

std::string below(const std::string& parent, const std::string& child) {
  return parent.empty() ? child : parent + "." + child;
}

media::ToneSpec tone_spec(const model::Tone& tone) {
  media::ToneSpec spec;
  if (tone.name) {
    if (auto named = media::named_tone(std::string(to_string(*tone.name)))) spec = std::move(*named);
  } else {
    spec.frequencies_hz = tone.frequencies_hz;
  }
  if (tone.on_ms && tone.off_ms) spec.cadence_ms = {*tone.on_ms, *tone.off_ms};
  spec.level_dbm0 = tone.level_db;
  spec.duration_ms = tone.duration_ms;
  return spec;
}

}  // namespace

Result<speech::SpeakRequest, model::Error> checked_speech(Environment& env, const model::Speech& speech,
                                                          const std::string& field) {
  speech::SpeakRequest request;
  request.ssml = speech.ssml.has_value();
  request.text = speech.ssml ? *speech.ssml : speech.text.value_or("");
  request.language = speech.language.value_or("");
  request.voice = speech.voice.value_or("");
  request.engine = speech.engine.value_or("");
  if (request.text.empty()) {
    const std::string at = below(field, request.ssml ? "ssml" : "text");
    return Err(make_error(ErrorCode::invalid_params, at + ": must not be empty", at));
  }
  auto ok = env.deps.speech.check(request);
  if (ok) return request;
  const speech::SpeakError& e = ok.error();
  const std::string at = below(field, e.field.empty() ? (request.ssml ? "ssml" : "text") : e.field);
  if (e.code == speech::SpeakErrorCode::overloaded) return Err(make_error(ErrorCode::no_capacity, e.message));
  if (e.code == speech::SpeakErrorCode::engine_failed)
    return Err(make_error(ErrorCode::tts_failed, e.message));
  return Err(make_error(ErrorCode::invalid_params, fmt::format("{}: {}", at, e.message), at));
}

Result<PlayPlan, model::Error> checked_plan(const SourceOwner& owner, const model::Playlist& list,
                                            const std::string& field) {
  PlayPlan plan;
  plan.loop = static_cast<std::uint32_t>(list.loop);
  plan.gain_db = list.gain_db;
  plan.offset_ms = list.offset_ms;
  for (std::size_t i = 0; i < list.sources.size(); ++i) {
    const model::Source& source = list.sources[i];
    const std::string at = below(field, fmt::format("sources[{}]", i));
    if (source.url) {
      plan.sources.emplace_back(UrlSource{*source.url});
      plan.fields.push_back(at + ".url");
    } else if (source.say) {
      auto speak = checked_speech(owner.env, *source.say, at + ".say");
      if (!speak) return Err(std::move(speak.error()));
      plan.sources.emplace_back(std::move(*speak));
      plan.fields.push_back(at + ".say");
    } else if (source.tone) {
      plan.sources.emplace_back(tone_spec(*source.tone));
      plan.fields.push_back(at + ".tone");
    } else if (source.recording_id) {
      const auto file = owner.env.deps.recordings.file_of(owner.account, *source.recording_id);
      if (!file) {
        return Err(make_error(ErrorCode::invalid_params,
                              at + ".recording_id: there is no such recording that is ready",
                              at + ".recording_id"));
      }
      plan.sources.emplace_back(RecordingSource{*file});
      plan.fields.push_back(at + ".recording_id");
    } else if (source.silence_ms) {
      plan.sources.emplace_back(SilenceSource{*source.silence_ms});
      plan.fields.push_back(at + ".silence_ms");
    } else {
      return Err(make_error(ErrorCode::invalid_params,
                            at + ": needs url, say, tone, silence_ms or recording_id", at));
    }
  }
  if (plan.sources.empty()) {
    const std::string at = below(field, "sources");
    return Err(make_error(ErrorCode::invalid_params, at + ": must not be empty", at));
  }
  return plan;
}

Result<std::optional<PlayPlan>, model::Error> checked_plan(const SourceOwner& owner,
                                                           const std::optional<model::Playlist>& list,
                                                           const std::string& field) {
  if (!list) return std::optional<PlayPlan>();
  auto plan = checked_plan(owner, *list, field);
  if (!plan) return Err(std::move(plan.error()));
  return std::optional<PlayPlan>(std::move(*plan));
}

namespace {
SourceOwner owner_of(Call& call) {
  static const model::AccountId kNobody;
  return {call.env(), call.route() ? call.route()->account.id : kNobody};
}
}  // namespace

Result<PlayPlan, model::Error> checked_plan(Call& call, const model::Playlist& list,
                                            const std::string& field) {
  return checked_plan(owner_of(call), list, field);
}

Result<std::optional<PlayPlan>, model::Error> checked_plan(Call& call,
                                                           const std::optional<model::Playlist>& list,
                                                           const std::string& field) {
  return checked_plan(owner_of(call), list, field);
}

Result<speech::SpeakRequest, model::Error> checked_speech(Call& call, const model::Speech& speech,
                                                          const std::string& field) {
  return checked_speech(call.env(), speech, field);
}

model::Error wrong_state(Call& call, const char* method) {
  if (!call.live()) return make_error(ErrorCode::call_ended, "the call is over");
  return make_error(ErrorCode::wrong_state, fmt::format("{} is not possible while the call is {}", method,
                                                        machine::name(call.leg())));
}

std::optional<model::Error> check_media(Call& call, const char* method) {
  if (call.has_media() || call.ops().media_on_its_way()) return std::nullopt;
  model::Error error = wrong_state(call, method);
  error.message += "; answer it, or ring with early_media";
  return error;
}

std::optional<model::Error> check_unanswered(Call& call, const char* method) {
  if (machine::unanswered(call.leg()) && !call.outbound()) return std::nullopt;
  return wrong_state(call, method);
}

}  // namespace tandem::call
