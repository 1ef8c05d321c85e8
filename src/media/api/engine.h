// The media engine as the call core wants it: one RTP stream a call, players, digits, statistics.
//
// Threads: commands come from the control thread, return at once and are carried out in order on the stream's
// media worker. Observer methods are called on the executor given at construction (the control thread). A
// command for a stream that is closed does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/function.h"
#include "base/result.h"
#include "media/api/prompt.h"
#include "model/ids.h"
#include "model/media_description.h"
#include "model/quality.h"

namespace tandem::media {

class StreamTap;

using StreamId = model::CallId;
using PlayId = std::uint64_t;  ///< Chosen by the caller; unique within a stream.

enum class MediaError : std::uint8_t { no_ports, no_address, socket_failed, overloaded };
[[nodiscard]] std::string_view to_string(MediaError e);

struct LocalAddresses {
  model::SocketAddress rtp;
  model::SocketAddress rtcp;
};

/// Digit by any of the three ways; one key press is reported once, by the first way that saw it.
enum class DigitSource : std::uint8_t { rfc4733, inband, info };
struct Digit {
  char digit = '0';               ///< 0-9, *, #, A-D.
  std::uint32_t duration_ms = 0;  ///< 0 when reported at its start.
  DigitSource source = DigitSource::rfc4733;
};

enum class PlayEnd : std::uint8_t { finished, stopped, max_duration, failed, stream_closed };
struct PlayResult {
  PlayEnd how = PlayEnd::finished;
  std::int64_t played_ms = 0;  ///< Audio really sent (silence from stalls and pauses not counted).
  std::string error;           ///< With `failed`: the prompt's own error.
};

struct PlaySpec {
  /// In order. Shared with cache and other calls; a prompt may still be growing.
  std::vector<std::shared_ptr<Prompt>> prompts;
  std::uint32_t loop = 1;  ///< Times the whole list is played; 0: for ever.
  std::int64_t offset_ms = 0;
  std::int64_t max_duration_ms = 0;  ///< 0: none.
};

struct AudioControl {
  bool mute_in = false;   ///< What the call says reaches nobody (digits do).
  bool mute_out = false;  ///< The call hears silence.
  double gain_in_db = 0;  ///< -40 to +20.
  double gain_out_db = 0;
};

/// What passes between two connected streams.
struct Connection {
  bool a_to_b = true;
  bool b_to_a = true;
  friend bool operator==(const Connection&, const Connection&) = default;
};

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual void on_digit(const StreamId& id, Digit digit) = 0;
  /// The first packet of the play left.
  virtual void on_play_started(const StreamId& id, PlayId play) = 0;
  /// Exactly once for each accepted play(), also when the stream closes (before on_closed).
  virtual void on_play_ended(const StreamId& id, PlayId play, PlayResult result) = 0;
  /// Exactly once for each send_digits(): true when all were sent.
  virtual void on_digits_sent(const StreamId& id, PlayId tag, bool complete) = 0;
  /// The first packet from the peer, after it was locked on to.
  virtual void on_media_started(const StreamId& id) = 0;
  /// No packet for `rtp_timeout`; once until packets come again.
  virtual void on_rtp_timeout(const StreamId& id) = 0;
  /// Packets come again after on_rtp_timeout.
  virtual void on_rtp_resumed(const StreamId& id) = 0;
  /// The peer's packets come from another address than before, which was believed (SourceLock). Not called
  /// for the first one.
  virtual void on_source_changed(const StreamId& id, const model::SocketAddress& source) = 0;
  /// A play passed a mark of its prompt (Prompt::add_mark); in order, after on_play_started, once each loop.
  /// `played_ms`: audio of the play that was sent before the mark.
  virtual void on_mark(const StreamId& id, PlayId play, const std::string& name, std::int64_t played_ms) = 0;
  /// Every `quality_interval` while packets flow.
  virtual void on_quality(const StreamId& id, model::StreamQuality quality) = 0;
  /// Last of the stream.
  virtual void on_closed(const StreamId& id, model::StreamQuality quality) = 0;
};

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  /// Binds a port pair on the local address of the family that reaches `towards`; nothing is sent yet, and
  /// what arrives is not read before configure(). Synchronous.
  virtual Result<LocalAddresses, MediaError> open(const StreamId& id, const model::IpAddress& towards) = 0;
  /// Sets or changes codec, remote address and direction; running plays go on in the new codec.
  virtual void configure(const StreamId& id, const model::AgreedMedia& media) = 0;
  /// Ends the stream: pending plays end with stream_closed, then on_closed.
  virtual void close(const StreamId& id) = 0;

  /// Plays of a stream follow one another: the core runs one at a time (its lanes), a second is queued
  /// behind.
  virtual void play(const StreamId& id, PlayId play, PlaySpec spec) = 0;
  virtual void stop_play(const StreamId& id, PlayId play) = 0;
  /// Pausing sends silence (comfort for the far end's timeouts); resuming goes on at the next frame.
  virtual void pause_play(const StreamId& id, PlayId play, bool paused) = 0;
  /// Answers on the control thread through `done` with milliseconds played so far; -1 if unknown.
  virtual void play_position(const StreamId& id, PlayId play, Function<void(std::int64_t)> done) = 0;

  /// RFC 4733 events, or in-band tones where telephone-event was not agreed. `digits` of 0-9 * # A-D, and w
  /// (500 ms) or W (1 s) for pauses.
  virtual void send_digits(const StreamId& id, PlayId tag, std::string digits, std::uint32_t duration_ms,
                           std::uint32_t gap_ms) = 0;
  virtual void stop_digits(const StreamId& id, PlayId tag) = 0;
  virtual void set_audio(const StreamId& id, AudioControl control) = 0;
  virtual void set_inband_digits(const StreamId& id, bool enabled) = 0;
  /// A digit that came by SIP INFO, to be merged with those of RTP.
  virtual void info_digit(const StreamId& id, char digit, std::uint32_t duration_ms) = 0;
  /// Taps of received audio in order (phone, tests, later recorder and ASR): called on the media worker with
  /// 20 ms of PCM at the codec's sample rate; must not block. Empty function: no tap.
  virtual void set_tap(const StreamId& id,
                       Function<void(std::span<const std::int16_t>, std::uint32_t)> tap) = 0;

  /// Both sides of the stream, for a recording; several at once. Shared: the media worker may be in the
  /// middle of a frame when it is removed. A closed stream says so to its taps and lets go of them.
  virtual void add_tap(const StreamId& id, std::shared_ptr<StreamTap> tap) = 0;
  virtual void remove_tap(const StreamId& id, const std::shared_ptr<StreamTap>& tap) = 0;

  /// Each of the two hears the other, as far as `what` allows, instead of silence. Replaces an earlier
  /// connection of either; for a connected pair, in either order, it changes the directions. Same codec and
  /// nothing else to be done: packets are relayed as they come; otherwise decoded and encoded. Digits of one
  /// are passed on to the other (RFC 4733 or, where that was not agreed, as tones) and reported as always. A
  /// play is heard by its own stream only, over the other's audio. Both must be open; otherwise nothing
  /// happens.
  virtual void connect(const StreamId& a, const StreamId& b, Connection what) = 0;
  /// No-op when not connected; closing a stream disconnects it too.
  virtual void disconnect(const StreamId& id) = 0;

  /// Streams open now. Any thread.
  [[nodiscard]] virtual std::size_t streams() const = 0;
};

struct EngineOptions {
  std::size_t workers = 0;  ///< 0: one a core.
  std::uint16_t port_min = 20'000;
  std::uint16_t port_max = 39'998;  ///< RTP's last (even) port. 0: the system chooses ports (test phones).
  std::chrono::milliseconds port_quarantine{5'000};  ///< After use, before a port serves another call.
  /// Pairs of an address that are bound ahead of calls; at most an eighth of the ports. 0: none.
  std::size_t port_stock = 32;
  std::vector<model::IpAddress> addresses;        ///< At most one of a family; bound and written into SDP.
  std::optional<model::IpAddress> advertised_v4;  ///< Written into SDP instead (NAT).
  std::optional<model::IpAddress> advertised_v6;
  std::chrono::milliseconds rtp_timeout{60'000};
  std::chrono::milliseconds quality_interval{10'000};
  std::chrono::milliseconds jitter_max{200};
  bool symmetric = true;  ///< Send to where the peer's packets come from, once locked on to it.
  /// Send silence when nothing is played: keeps NAT bindings open and peers from timing out.
  bool idle_packets = true;
  std::chrono::milliseconds rtcp_interval{5'000};  ///< Mean; randomised (RFC 3550 6.3.1).
};

}  // namespace tandem::media
