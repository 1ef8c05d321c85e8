// Recordings: what there is, and the files.
#include <fmt/format.h>

#include "rest/paging.h"
#include "rest/query.h"
#include "rest/resources.h"

namespace tandem::rest {

using artifact::ContentFault;
using model::ErrorCode;

namespace {

model::Error no_recording() {
  return fault(ErrorCode::not_found, {}, "no such recording in this account");
}

const char* media_type(model::RecordFormat format) {
  switch (format) {
    case model::RecordFormat::wav:
      return "audio/wav";
    case model::RecordFormat::ogg_opus:
      return "audio/ogg";
    case model::RecordFormat::mp3:
      return "audio/mpeg";
  }
  return "application/octet-stream";
}

/// One range of bytes (RFC 9110 section 14.1.2); other units and several ranges count as none, as they may.
std::optional<artifact::ByteRange> range_of(std::string_view header) {
  if (!header.starts_with("bytes=")) return std::nullopt;
  header.remove_prefix(6);
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return std::nullopt;
  artifact::ByteRange range{whole_number(header.substr(0, dash)), whole_number(header.substr(dash + 1))};
  if (dash > 0 && !range.first) return std::nullopt;
  if (dash + 1 < header.size() && !range.last) return std::nullopt;
  if (!range.first && !range.last) return std::nullopt;
  return range;
}

void refuse_content(Exchange& x, ContentFault why) {
  switch (why) {
    case ContentFault::not_found:
      return x.refuse(no_recording(), 404);
    case ContentFault::not_yet:
      return x.refuse(fault(ErrorCode::wrong_state, {}, "the recording is still being written"));
    case ContentFault::gone:
      return x.refuse(fault(ErrorCode::not_found, {}, "the recording was deleted"), 410);
    case ContentFault::bad_link:
      return x.refuse(fault(ErrorCode::forbidden, "signature", "the link is not good, or not any more"));
    case ContentFault::bad_range:
      return x.refuse(fault(ErrorCode::invalid_params, "Range", "lies outside of the file"), 416);
    case ContentFault::too_large:
      return x.refuse(
          fault(ErrorCode::invalid_params, "Range", "the file is large: ask for parts of at most 16 MiB"));
    case ContentFault::unavailable:
      return x.refuse(fault(ErrorCode::no_capacity, {}, "the file cannot be read now"));
  }
}

void answer_content(Exchange& x, bool part_asked, artifact::ContentPart part) {
  net::HttpResponse response;
  response.status = part_asked ? 206 : 200;
  response.content_type = media_type(part.format);
  response.headers = {{"Accept-Ranges", "bytes"},
                      {"Cache-Control", "private, no-store"},
                      {"Content-Disposition", "attachment"},
                      {"X-Content-Type-Options", "nosniff"}};
  if (part_asked) {
    response.headers.emplace_back(
        "Content-Range",
        fmt::format("bytes {}-{}/{}", part.offset, part.offset + part.bytes.size() - 1, part.total));
  }
  response.body = std::move(part.bytes);
  x.send(std::move(response));
}

}  // namespace

void list_recordings(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const auto call = query.id<model::CallTag>("call_id");
  const auto conference = query.id<model::ConferenceTag>("conference_id");
  const std::string below = cursor_key(query);
  const std::size_t limit = query.limit();
  if (query.error()) return exchange->refuse(*query.error());
  const model::AccountId account = exchange->account;
  desk.ask(
      [account, recordings = desk.recordings](call::Core&) {
        return recordings == nullptr ? std::vector<model::Recording>{} : recordings->list(account);
      },
      [below, limit, call, conference, x = std::move(exchange)](std::vector<model::Recording> all) {
        std::erase_if(all, [&](const model::Recording& r) {
          return (!call.empty() && r.call_id != call) ||
                 (!conference.empty() && r.conference_id != conference);
        });
        const auto page = newest_below(
            std::move(all), [](const auto& r) { return time_key(r.started_at, r.id.str()); }, below, limit);
        x->answer(200, page_text(
                           [&](wire::JsonWriter& w) {
                             for (const auto& recording : page.items) wire::encode(w, recording);
                           },
                           make_cursor(page.next_key)));
      });
}

void get_recording(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::RecordingId id = exchange->recording;
  desk.ask(
      [account, id, recordings = desk.recordings](call::Core&) {
        return recordings == nullptr ? std::nullopt : recordings->recording(account, id);
      },
      [x = std::move(exchange)](const std::optional<model::Recording>& found) {
        if (!found) return x->refuse(no_recording(), 404);
        x->answer(200, encoded(*found));
      });
}

void delete_recording(Desk& desk, ExchangePtr exchange) {
  const model::AccountId account = exchange->account;
  const model::RecordingId id = exchange->recording;
  desk.ask(
      [account, id, recordings = desk.recordings](call::Core&) {
        return recordings == nullptr ? Status<model::Error>(Err(no_recording()))
                                     : recordings->erase(account, id);
      },
      [x = std::move(exchange)](const Status<model::Error>& erased) {
        if (erased) return x->answer_empty(204);
        if (erased.error().code == ErrorCode::not_found) return x->refuse(no_recording(), 404);
        x->refuse(erased.error());
      });
}

void get_recording_content(Desk& desk, ExchangePtr exchange) {
  Query query(std::move(exchange->target.query), exchange->route->query);
  const std::string expires = query.text("expires", 20);
  std::string signature = query.text("signature", 128);
  if (query.error()) return exchange->refuse(*query.error());
  artifact::ContentRequest wanted{exchange->account, exchange->recording, std::nullopt,
                                  range_of(exchange->request.header("Range"))};
  if (exchange->caller.key.empty()) {
    const auto until = whole_number(expires);
    wanted.link.emplace(static_cast<std::int64_t>(until.value_or(0)), std::move(signature));
  }
  const bool part_asked = wanted.range.has_value();
  auto done = desk.back_here<Result<artifact::ContentPart, ContentFault>>(
      [part_asked, x = std::move(exchange)](Result<artifact::ContentPart, ContentFault> part) {
        if (!part) return refuse_content(*x, part.error());
        answer_content(*x, part_asked, std::move(*part));
      });
  desk.ask(
      [recordings = desk.recordings, w = std::move(wanted), d = std::move(done)](call::Core&) mutable {
        if (recordings == nullptr) {
          d(Err(ContentFault::not_found));
        } else {
          recordings->read(std::move(w), std::move(d));
        }
        return true;
      },
      [](bool) {});
}

}  // namespace tandem::rest
