// Provisioned resources as the store keeps them (docs: product, "Provisioned resources").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/ids.h"
#include "model/quality.h"
#include "model/verdict.h"
#include "store/api/api_key.h"
#include "store/api/credential.h"
#include "store/api/queue.h"
#include "store/api/trunk.h"

namespace tandem::store {

struct Account {
  model::AccountId id;
  std::string name;
  std::string webhook_secret;  ///< Signs Tandem-Signature; 32 random bytes as hex unless given.
  std::int64_t orphan_max_duration_ms = 14'400'000;
  std::int64_t max_call_duration_ms = 14'400'000;
  std::uint32_t max_concurrent_calls = 0;  ///< 0: no limit.
  double max_calls_per_second = 0;         ///< 0: no limit.
  WallTime created;

  /// The outbound callback: gets the intents of POST .../Calls. May be empty: then there are no intents.
  model::ApplicationId outbound_application_id;
  double max_outbound_calls_per_second = 0;   ///< Pace of intents and dialling; 0: no limit.
  std::uint32_t intent_queue_size = 1000;     ///< Intents that wait for their turn; more are refused.
  std::int64_t intent_expiry_ms = 60'000;     ///< Longest wait of an intent.
  std::vector<std::string> allowed_prefixes;  ///< Digits of numbers that may be dialled; empty: all.
  bool queues_on_first_use = true;            ///< A queue that is not provisioned is made when it is used.
};

struct Application {
  model::ApplicationId id;
  model::AccountId account_id;
  std::string name;
  std::string url;           ///< ws(s) or http(s).
  std::string fallback_url;  ///< May be empty.
  WallTime created;
};

/// A phone number or a group of them by prefix.
struct Number {
  model::NumberId id;
  model::AccountId account_id;
  model::ApplicationId application_id;
  std::string did;  ///< Digits with optional leading +; the whole number, or the prefix when `prefix`.
  bool prefix = false;
  std::string ani;  ///< Only calls from this number (or prefix, with a trailing *); empty: any.
  WallTime created;
};

struct Domain {
  model::DomainId id;
  model::AccountId account_id;
  model::ApplicationId application_id;
  std::string name;  ///< Lower case.
  WallTime created;
};

/// One for every INVITE that was answered with anything above 100.
struct Cdr {
  model::CdrId id;
  model::CallId call_id;
  model::AccountId account_id;  ///< Empty when no route was found.
  model::ApplicationId application_id;
  model::SessionId session_id;
  model::CallId parent_call_id;
  std::string direction;  ///< "inbound" or "outbound".
  std::string from;
  std::string to;
  std::string sip_call_id;
  std::string source;  ///< Address and port of the peer.
  std::string transport;
  WallTime started;
  std::optional<WallTime> ringing;
  std::optional<WallTime> answered;
  WallTime ended;
  std::int64_t duration_ms = 0;  ///< From INVITE to end, by the monotonic clock.
  std::int64_t billable_ms = 0;  ///< From answer to end.
  model::Verdict verdict;
  std::string codec;  ///< Empty when no media was agreed.
  model::StreamQuality quality;
  std::string tag_json;  ///< The application's own tag, JSON text or empty.

  std::string from_display_name;
  model::NumberId number_id;  ///< Of the rule that routed an inbound call.
  model::TrunkId trunk_id;
  std::string user_agent;     ///< The peer's.
  model::IntentId intent_id;  ///< Outbound: the intent that it was dialled for.
  int attempt = 0;            ///< Outbound: 1 for the first of its dial operation; 0 inbound.
};

}  // namespace tandem::store
