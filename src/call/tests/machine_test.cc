// Table tests of the pure parts: every pair of state and event has its line.
#include <gtest/gtest.h>

#include <array>

#include "call/machine/digit_collector.h"
#include "call/machine/lane_scheduler.h"
#include "call/machine/leg_machine.h"
#include "call/machine/operation_machine.h"
#include "call/machine/verdict_rules.h"

namespace tandem::call::machine {
namespace {

const std::array<LegState, 10> kLegStates{leg::Incoming{},  leg::Dialing{},  leg::Ringing{}, leg::Early{},
                                          leg::Answering{}, leg::Answered{}, leg::Held{},    leg::Releasing{},
                                          leg::Closing{},   leg::Ended{}};

// Rows: states in the order of LegState. Columns: events in the order of LegEvent. A number is the index of
// the next state, -1 a refusal.
constexpr std::array<std::array<int, kLegEvents>, 10> kLegTable{{
    //  ring early offer answer refuse release hold unhold ended closed
    {2, 3, 4, 5, 7, 7, -1, -1, 8, -1},       // Incoming
    {2, 3, -1, 5, -1, 7, -1, -1, 8, -1},     // Dialing
    {2, 3, 4, 5, 7, 7, -1, -1, 8, -1},       // Ringing
    {3, -1, -1, 5, 7, 7, -1, -1, 8, -1},     // Early
    {-1, -1, -1, 5, -1, 7, -1, -1, 8, -1},   // Answering
    {-1, -1, -1, -1, -1, 7, 6, 5, 8, -1},    // Answered
    {-1, -1, -1, -1, -1, 7, 6, 5, 8, -1},    // Held
    {-1, -1, -1, -1, -1, 7, -1, -1, 8, -1},  // Releasing
    {-1, -1, -1, -1, -1, 8, -1, -1, -1, 9},  // Closing
    {-1, -1, -1, -1, -1, 9, -1, -1, -1, -1}  // Ended
}};

TEST(LegMachine, EveryPairOfStateAndEvent) {
  for (std::size_t s = 0; s < kLegStates.size(); ++s) {
    ASSERT_EQ(kLegStates.at(s).index(), s);
    for (std::size_t e = 0; e < kLegEvents; ++e) {
      const LegStep result = step(kLegStates.at(s), static_cast<LegEvent>(e));
      const int want = kLegTable.at(s).at(e);
      EXPECT_EQ(result.allowed, want >= 0) << "state " << s << " event " << e;
      EXPECT_EQ(result.next.index(), want >= 0 ? static_cast<std::size_t>(want) : s)
          << "state " << s << " event " << e;
      if (!result.allowed) {
        EXPECT_EQ(result.effects[0], LegEffect::none);
      }
    }
  }
}

TEST(LegMachine, EffectsComeInTheOrderOfTheProtocol) {
  const auto answered = step(leg::Incoming{}, LegEvent::answer).effects;
  EXPECT_EQ(answered[0], LegEffect::tell_answered);
  EXPECT_EQ(answered[1], LegEffect::open_ivr);
  const auto early = step(leg::Ringing{}, LegEvent::connect_early).effects;
  EXPECT_EQ(early[0], LegEffect::tell_early_media);
  EXPECT_EQ(early[1], LegEffect::open_ivr);
  EXPECT_EQ(step(leg::Answered{}, LegEvent::peer_hold).effects[0], LegEffect::tell_held);
  EXPECT_EQ(step(leg::Held{}, LegEvent::peer_hold).effects[0], LegEffect::none);
  EXPECT_EQ(step(leg::Answered{}, LegEvent::peer_unhold).effects[0], LegEffect::none);
  EXPECT_EQ(step(leg::Releasing{}, LegEvent::release).effects[0], LegEffect::none);
  EXPECT_EQ(step(leg::Incoming{}, LegEvent::refuse).effects[0], LegEffect::send_final);
  EXPECT_EQ(step(leg::Held{}, LegEvent::release).effects[0], LegEffect::send_hangup);
  EXPECT_EQ(step(leg::Closing{}, LegEvent::media_closed).effects[0], LegEffect::finish);
}

TEST(LegMachine, NamesAndPredicates) {
  EXPECT_EQ(name(leg::Answering{}), "incoming");
  EXPECT_EQ(name(leg::Releasing{}), "ended");
  EXPECT_TRUE(answered(leg::Held{}));
  EXPECT_TRUE(answered(leg::Answering{}));
  EXPECT_FALSE(answered(leg::Releasing{}));
  EXPECT_TRUE(unanswered(leg::Early{}));
  EXPECT_FALSE(live(leg::Closing{}));
}

const std::array<OpState, 6> kOpStates{
    op::Queued{}, op::Starting{}, op::Running{}, op::Paused{}, op::Ending{EndWish::cancel}, op::Completed{}};
const std::array<OpEvent, 7> kOpEvents{
    op::Admit{},  op::Begin{},   op::Pause{}, op::Resume{}, op::End{EndWish::stop},
    op::Finish{}, op::CallOver{}};
struct OpWant {
  int next;  // -1: refused.
  OpEffect effect = OpEffect::none;
};
using F = OpEffect;
const std::array<std::array<OpWant, 7>, 6> kOpTable{{
    // admit, begin, pause, resume, end, finish, call over
    {{{1}, {0}, {-1}, {0}, {5, F::complete_wish}, {0}, {5, F::complete_never_started}}},
    {{{1}, {2, F::begin}, {-1}, {1}, {5, F::complete_wish}, {1}, {5, F::complete_never_started}}},
    {{{2}, {2}, {3, F::pause}, {2}, {4, F::halt}, {5, F::complete_own}, {5, F::complete_call_ended}}},
    {{{3}, {3}, {3}, {2, F::resume}, {4, F::halt}, {5, F::complete_own}, {5, F::complete_call_ended}}},
    {{{4}, {4}, {-1}, {-1}, {4}, {5, F::complete_wish}, {5, F::complete_wish}}},
    {{{5}, {5}, {5}, {5}, {5}, {5}, {5}}},
}};

TEST(OperationMachine, EveryPairOfStateAndEvent) {
  for (std::size_t s = 0; s < kOpStates.size(); ++s) {
    for (std::size_t e = 0; e < kOpEvents.size(); ++e) {
      const OpStep result = step(kOpStates.at(s), kOpEvents.at(e));
      const OpWant want = kOpTable.at(s).at(e);
      EXPECT_EQ(result.allowed, want.next >= 0) << "state " << s << " event " << e;
      EXPECT_EQ(result.next.index(), want.next >= 0 ? static_cast<std::size_t>(want.next) : s)
          << "state " << s << " event " << e;
      EXPECT_EQ(result.effect, want.effect) << "state " << s << " event " << e;
    }
  }
}

TEST(OperationMachine, TheFirstWishStands) {
  const OpStep halted = step(op::Running{}, op::End{EndWish::cancel});
  const OpStep again = step(halted.next, op::End{EndWish::stop});
  const OpStep finished = step(again.next, op::Finish{});
  EXPECT_EQ(finished.effect, OpEffect::complete_wish);
  EXPECT_EQ(finished.wish, EndWish::cancel);
}

using V = LaneScheduler::Verdict;

TEST(LaneScheduler, OneAtATimeInOrder) {
  LaneScheduler lanes(200);
  lanes.open(kAllLanes);
  EXPECT_EQ(lanes.admit(1, kSpeak, BusyRule::queue).verdict, V::run);
  EXPECT_EQ(lanes.admit(2, kSpeak, BusyRule::queue).verdict, V::wait);
  EXPECT_EQ(lanes.admit(3, kListen, BusyRule::queue).verdict, V::run);
  EXPECT_EQ(lanes.admit(4, kSignalling, BusyRule::reject).verdict, V::run);
  EXPECT_EQ(lanes.admit(5, kSpeak, BusyRule::reject).verdict, V::busy);
  EXPECT_EQ(lanes.take_ready(), 0U);
  lanes.release(1);
  EXPECT_EQ(lanes.take_ready(), 2U);
  EXPECT_EQ(lanes.take_ready(), 0U);
}

TEST(LaneScheduler, AnOperationOfTwoLanesIsNotOvertaken) {
  LaneScheduler lanes(200);
  lanes.open(kAllLanes);
  (void)lanes.admit(1, kSpeak, BusyRule::queue);
  EXPECT_EQ(lanes.admit(2, kSpeak | kListen, BusyRule::queue).verdict, V::wait);
  EXPECT_EQ(lanes.admit(3, kListen, BusyRule::queue).verdict, V::wait);
  EXPECT_EQ(lanes.take_ready(), 0U);
  lanes.release(1);
  EXPECT_EQ(lanes.take_ready(), 2U);
  lanes.release(2);
  EXPECT_EQ(lanes.take_ready(), 3U);
}

TEST(LaneScheduler, InterruptEndsWhatRunsAndDropsWhatWaits) {
  LaneScheduler lanes(200);
  lanes.open(kAllLanes);
  (void)lanes.admit(1, kSpeak, BusyRule::queue);
  (void)lanes.admit(2, kSpeak, BusyRule::queue);
  (void)lanes.admit(3, kListen, BusyRule::queue);
  const auto a = lanes.admit(4, kSpeak, BusyRule::interrupt);
  EXPECT_EQ(a.verdict, V::wait);
  EXPECT_EQ(a.interrupt, std::vector<LaneScheduler::Key>{1});
  EXPECT_EQ(a.flush, std::vector<LaneScheduler::Key>{2});
  EXPECT_EQ(lanes.take_ready(), 0U);  // Not before the first is silent.
  lanes.release(1);
  EXPECT_EQ(lanes.take_ready(), 4U);
}

TEST(LaneScheduler, ClosedLanesHoldBackAndFullOnesRefuse) {
  LaneScheduler lanes(2);
  EXPECT_EQ(lanes.admit(1, kSpeak, BusyRule::queue).verdict, V::wait);
  EXPECT_EQ(lanes.admit(2, kSpeak, BusyRule::queue).verdict, V::wait);
  EXPECT_EQ(lanes.admit(3, kSpeak, BusyRule::queue).verdict, V::full);
  EXPECT_EQ(lanes.admit(4, kSpeak, BusyRule::interrupt).verdict, V::wait);  // Takes the place of the two.
  EXPECT_EQ(lanes.waiting(), 1U);
  EXPECT_EQ(lanes.take_ready(), 0U);
  lanes.open(kSpeak);
  EXPECT_EQ(lanes.take_ready(), 4U);
  EXPECT_EQ(lanes.admit(5, kNoLane, BusyRule::queue).verdict, V::run);
  EXPECT_EQ(lanes.holders(kSpeak), std::vector<LaneScheduler::Key>{4});
}

struct VerdictCase {
  LocalCause ours;
  LegEnd how;
  int code;
  bool answered;
  model::EndReason reason;
  model::Party party;
  int sip_code;
  int q850;
  model::VerdictClass cls;
  bool retryable;
};
using R = model::EndReason;
using P = model::Party;
using C = model::VerdictClass;
using L = LocalCause;
using H = LegEnd;

TEST(VerdictRules, Table) {
  const VerdictCase cases[] = {
      {L::none, H::peer_bye, 200, true, R::hangup, P::caller, 200, 16, C::success, false},
      {L::none, H::peer_cancel, 487, false, R::cancelled, P::caller, 487, 16, C::success, false},
      {L::none, H::peer_cancel, 487, true, R::cancelled, P::caller, 487, 16, C::success, false},
      {L::app_hangup, H::local_hangup, 200, true, R::hangup, P::application, 200, 16, C::success, false},
      {L::app_hangup, H::local_hangup, 603, false, R::rejected, P::application, 603, 21, C::success, false},
      {L::app_hangup, H::peer_bye, 200, true, R::hangup, P::caller, 200, 16, C::success, false},
      {L::app_reject, H::local_reject, 486, false, R::busy, P::application, 486, 17, C::success, true},
      {L::app_reject, H::local_reject, 480, false, R::no_answer, P::application, 480, 18, C::success, true},
      {L::app_reject, H::local_reject, 404, false, R::not_found, P::application, 404, 1, C::client_error,
       false},
      {L::app_reject, H::local_reject, 403, false, R::rejected, P::application, 403, 21, C::success, false},
      {L::app_reject, H::peer_cancel, 487, false, R::cancelled, P::caller, 487, 16, C::success, false},
      {L::app_redirect, H::local_reject, 302, false, R::redirected, P::application, 302, 23, C::success,
       false},
      {L::not_found, H::local_reject, 404, false, R::not_found, P::caller, 404, 1, C::client_error, false},
      {L::app_unreachable, H::local_reject, 480, false, R::app_unreachable, P::application, 480, 18,
       C::upstream_error, true},
      {L::app_overloaded, H::local_reject, 503, false, R::overloaded, P::platform, 503, 42, C::server_error,
       true},
      {L::app_timeout, H::local_reject, 480, false, R::app_timeout, P::application, 480, 18,
       C::upstream_error, true},
      {L::ring_limit, H::local_reject, 480, false, R::no_answer, P::application, 480, 18, C::success, true},
      {L::app_disconnected, H::local_hangup, 200, true, R::app_disconnected, P::application, 200, 41,
       C::upstream_error, false},
      {L::orphan_expired, H::local_hangup, 200, true, R::orphan_expired, P::platform, 200, 102,
       C::indeterminate, false},
      {L::max_duration, H::local_hangup, 200, true, R::max_duration, P::platform, 200, 102, C::success,
       false},
      {L::codec_mismatch, H::local_reject, 488, false, R::codec_mismatch, P::caller, 488, 88, C::client_error,
       false},
      {L::no_media_capacity, H::local_reject, 503, false, R::overloaded, P::platform, 503, 42,
       C::server_error, true},
      {L::media_timeout, H::local_hangup, 200, true, R::media_timeout, P::caller, 200, 41, C::indeterminate,
       false},
      {L::limit_rate, H::local_reject, 503, false, R::limit_exceeded, P::platform, 503, 41, C::client_error,
       true},
      {L::limit_concurrency, H::local_reject, 486, false, R::limit_exceeded, P::platform, 486, 17,
       C::client_error, true},
      {L::node_draining, H::local_reject, 503, false, R::node_draining, P::platform, 503, 42, C::server_error,
       true},
      {L::node_lost, H::local_hangup, 200, true, R::node_lost, P::platform, 200, 41, C::server_error, true},
      {L::internal, H::local_reject, 500, false, R::internal, P::platform, 500, 41, C::server_error, false},
      {L::none, H::no_ack, 200, true, R::no_ack, P::caller, 200, 102, C::upstream_error, false},
      {L::none, H::session_expired, 200, true, R::session_expired, P::caller, 200, 102, C::indeterminate,
       false},
      {L::none, H::transport_error, 0, false, R::transport_error, P::caller, 0, 41, C::upstream_error, true},
      {L::none, H::dialog_gone, 200, true, R::sip_error, P::caller, 200, 31, C::upstream_error, false},
      {L::none, H::bad_answer, 200, true, R::codec_mismatch, P::caller, 200, 88, C::client_error, false},
      {L::none, H::timeout, 200, true, R::sip_error, P::caller, 200, 31, C::upstream_error, false},
      {L::none, H::shutdown, 200, true, R::node_draining, P::platform, 200, 42, C::server_error, true},
      {L::none, H::local_hangup, 200, true, R::internal, P::platform, 200, 31, C::server_error, false},
  };
  for (const VerdictCase& c : cases) {
    const auto v = make_verdict({c.ours, c.how, c.code, 0, c.answered, false, "d"});
    const model::Verdict want{c.reason, c.party, c.sip_code, c.q850, c.cls, c.retryable, "d"};
    EXPECT_EQ(v, want) << "cause " << static_cast<int>(c.ours) << " how " << static_cast<int>(c.how)
                       << " gave " << to_string(v.reason) << ' ' << to_string(v.party) << ' ' << v.sip_code
                       << ' ' << v.q850_cause << ' ' << to_string(v.verdict_class) << ' ' << v.retryable;
  }
}

TEST(VerdictRules, ThePeersOwnCauseWinsAndOutboundNamesTheCallee) {
  EXPECT_EQ(make_verdict({L::none, H::peer_bye, 200, 31, true, false, {}}).q850_cause, 31);
  const auto busy = make_verdict({L::none, H::peer_reject, 486, 0, false, true, {}});
  EXPECT_EQ(busy.reason, R::busy);
  EXPECT_EQ(busy.party, P::callee);
  EXPECT_EQ(make_verdict({L::none, H::peer_reject, 500, 0, false, true, {}}).reason, R::sip_error);
  EXPECT_EQ(make_verdict({L::none, H::peer_bye, 200, 0, true, true, {}}).party, P::callee);
}

DigitPattern::Match match(std::string_view pattern, std::string_view digits) {
  const auto p = DigitPattern::parse(pattern);
  EXPECT_TRUE(p.has_value()) << pattern;
  return p ? p->match(digits) : DigitPattern::Match{};
}

TEST(DigitPattern, Matches) {
  EXPECT_TRUE(match("1xx", "123").full);
  EXPECT_FALSE(match("1xx", "123").extensible);
  EXPECT_TRUE(match("1xx", "12").extensible);
  EXPECT_FALSE(match("1xx", "2").extensible);
  EXPECT_TRUE(match("0|[1-3*]x", "*7").full);
  EXPECT_TRUE(match("0|[1-3*]x", "0").full);
  EXPECT_FALSE(match("0|[1-3*]x", "47").full);
  EXPECT_TRUE(match("00.", "00").full);
  EXPECT_TRUE(match("00.", "004912").full);
  EXPECT_TRUE(match("00.", "004912").extensible);
  EXPECT_FALSE(match("00.", "01").full);
  EXPECT_TRUE(match(".", "").full);
  for (const char* bad : {"", "|1", "1|", "[", "[]", "[12", "[3-1]", "1.2", "y", "1]", "[*-#]"}) {
    EXPECT_FALSE(DigitPattern::parse(bad).has_value()) << bad;
  }
}

TEST(DigitCollector, ByLengthTerminatorPatternAndTime) {
  DigitCollector four({4, 4, "#", std::nullopt});
  EXPECT_FALSE(four.digit('4'));
  EXPECT_FALSE(four.digit('7'));
  EXPECT_FALSE(four.digit('1'));
  auto done = four.digit('1');
  ASSERT_TRUE(done);
  EXPECT_EQ(done->how, Collected::How::match);
  EXPECT_EQ(done->value, "4711");

  DigitCollector open({2, 8, "#*", std::nullopt});
  EXPECT_FALSE(open.digit('1'));
  done = open.digit('*');
  ASSERT_TRUE(done);
  EXPECT_EQ(done->how, Collected::How::no_match);
  EXPECT_EQ(done->terminator, "*");
  EXPECT_EQ(open.time_out().how, Collected::How::no_match);
  EXPECT_EQ(open.stop().value, "1");
  open.reset();
  EXPECT_EQ(open.time_out().how, Collected::How::no_input);

  DigitCollector menu({1, 64, "#", DigitPattern::parse("[1-3]|9x")});
  done = menu.digit('2');
  ASSERT_TRUE(done);
  EXPECT_EQ(done->how, Collected::How::match);
  menu.reset();
  EXPECT_FALSE(menu.digit('9'));
  done = menu.digit('0');
  ASSERT_TRUE(done);
  EXPECT_EQ(done->value, "90");
  menu.reset();
  EXPECT_FALSE(menu.digit('7'));
  EXPECT_EQ(menu.time_out().how, Collected::How::no_match);
}

}  // namespace
}  // namespace tandem::call::machine
