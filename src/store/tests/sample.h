// A CDR with something in every field.
#pragma once

#include <string>

#include "store/api/records.h"

namespace tandem::store {

inline WallTime at_ms(long long ms) {
  return WallTime{std::chrono::milliseconds{ms}};
}

inline Cdr sample_cdr(const std::string& n) {
  Cdr c;
  c.id = model::CdrId("CD" + n), c.call_id = model::CallId("CA" + n), c.account_id = model::AccountId("AC1");
  c.application_id = model::ApplicationId("AP1"), c.session_id = model::SessionId("SE1");
  c.parent_call_id = model::CallId("CA0");
  c.direction = "inbound", c.from = "+1555 \"quoted\"\\", c.to = "+49\n", c.sip_call_id = "a@b";
  c.source = "[2001:db8::1]:5060", c.transport = "tls";
  c.started = at_ms(1'767'225'600'001), c.ringing = at_ms(1'767'225'600'050),
  c.answered = at_ms(1'767'225'601'000);
  c.ended = at_ms(1'767'225'661'000), c.duration_ms = 61'000, c.billable_ms = 60'000;
  c.verdict = {model::EndReason::max_duration,
               model::Party::application,
               200,
               16,
               model::VerdictClass::success,
               true,
               "Grüße"};
  c.codec = "G722";
  c.quality = {3000, 2999, 12, 3, 0.4, 1.25, 0.125, 23.5, 4.4};
  c.tag_json = R"({"order":7,"note":"a\nb"})";
  c.from_display_name = "Jürgen \"J\"", c.number_id = model::NumberId("PN1");
  c.trunk_id = model::TrunkId("TK1"), c.user_agent = "phone/1.0 (x)";
  c.intent_id = model::IntentId("IN1"), c.attempt = 2;
  return c;
}

inline void expect_same(const Cdr& a, const Cdr& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.call_id, b.call_id);
  EXPECT_EQ(a.account_id, b.account_id);
  EXPECT_EQ(a.application_id, b.application_id);
  EXPECT_EQ(a.session_id, b.session_id);
  EXPECT_EQ(a.parent_call_id, b.parent_call_id);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.sip_call_id, b.sip_call_id);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.transport, b.transport);
  EXPECT_EQ(a.started, b.started);
  EXPECT_EQ(a.ringing, b.ringing);
  EXPECT_EQ(a.answered, b.answered);
  EXPECT_EQ(a.ended, b.ended);
  EXPECT_EQ(a.duration_ms, b.duration_ms);
  EXPECT_EQ(a.billable_ms, b.billable_ms);
  EXPECT_EQ(a.verdict, b.verdict);
  EXPECT_EQ(a.codec, b.codec);
  EXPECT_EQ(a.quality.packets_received, b.quality.packets_received);
  EXPECT_EQ(a.quality.packets_sent, b.quality.packets_sent);
  EXPECT_EQ(a.quality.packets_lost, b.quality.packets_lost);
  EXPECT_EQ(a.quality.packets_discarded, b.quality.packets_discarded);
  EXPECT_DOUBLE_EQ(a.quality.loss_percent, b.quality.loss_percent);
  EXPECT_DOUBLE_EQ(a.quality.jitter_ms, b.quality.jitter_ms);
  EXPECT_DOUBLE_EQ(a.quality.remote_loss_percent, b.quality.remote_loss_percent);
  EXPECT_DOUBLE_EQ(a.quality.round_trip_ms, b.quality.round_trip_ms);
  EXPECT_DOUBLE_EQ(a.quality.mos, b.quality.mos);
  EXPECT_EQ(a.tag_json, b.tag_json);
  EXPECT_EQ(a.from_display_name, b.from_display_name);
  EXPECT_EQ(a.number_id, b.number_id);
  EXPECT_EQ(a.trunk_id, b.trunk_id);
  EXPECT_EQ(a.user_agent, b.user_agent);
  EXPECT_EQ(a.intent_id, b.intent_id);
  EXPECT_EQ(a.attempt, b.attempt);
}

}  // namespace tandem::store
