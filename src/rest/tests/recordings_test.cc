// Recordings over the door: pages, one, deletion, and the file by key and by link.
#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

using artifact::ContentFault;

class FakeRecordings final : public artifact::Recordings {
 public:
  std::vector<model::Recording> all;
  std::vector<artifact::ContentRequest> asked;
  std::optional<ContentFault> fault;

  void set_news(artifact::RecordingNews*) override {}
  Result<model::RecordingId, model::Error> begin(artifact::RecordingOrder,
                                                 Function<void(const artifact::RecordingEnd&)>) override {
    return Err(model::Error{});
  }
  void pause(const model::RecordingId&, bool, TimePoint) override {}
  void stop(const model::RecordingId&) override {}
  void discard(const model::RecordingId&) override {}
  [[nodiscard]] bool busy(const model::SessionId&) const override { return false; }
  void session_closed(const model::SessionId&) override {}
  [[nodiscard]] std::optional<std::string> file_of(const model::AccountId&,
                                                   const model::RecordingId&) const override {
    return std::nullopt;
  }
  [[nodiscard]] std::vector<model::Recording> list(const model::AccountId& account) const override {
    return account == kAccount ? all : std::vector<model::Recording>{};
  }
  [[nodiscard]] std::optional<model::Recording> recording(const model::AccountId& account,
                                                          const model::RecordingId& id) const override {
    for (const auto& r : list(account)) {
      if (r.id == id) return r;
    }
    return std::nullopt;
  }
  Status<model::Error> erase(const model::AccountId& account, const model::RecordingId& id) override {
    model::Error e;
    e.code = model::ErrorCode::not_found;
    const auto found = recording(account, id);
    if (!found) return Err(e);
    e.code = model::ErrorCode::wrong_state;
    if (found->state == model::RecordingState::pending) return Err(e);
    return Unit{};
  }
  void read(artifact::ContentRequest request,
            Function<void(Result<artifact::ContentPart, ContentFault>)> done) override {
    asked.push_back(request);
    if (fault) return done(Err(*fault));
    const std::string whole = "0123456789";
    artifact::ContentPart part{whole, 0, whole.size(), model::RecordFormat::mp3};
    if (request.range) {
      part.offset = request.range->first.value_or(0);
      part.bytes = whole.substr(part.offset, request.range->last.value_or(9) - part.offset + 1);
    }
    done(std::move(part));
  }
};

class RecordingsDoorTest : public DoorTest {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 3; ++i) {
      model::Recording r;
      r.id = model::RecordingId("RE" + std::to_string(i));
      r.call_id = model::CallId(i == 3 ? "CA2" : "CA1");
      r.state = i == 3 ? model::RecordingState::pending : model::RecordingState::ready;
      r.sample_rate_hz = 8000;
      r.started_at = WallTime(std::chrono::seconds(1'767'225'600 + i));
      recordings_.all.push_back(std::move(r));
    }
    door_ = std::make_unique<Door>(DoorOptions{}, DoorPorts{core_, loop_, loop_, access_, history_,
                                                            &locations_, metrics_, queues_, &recordings_});
  }
  FakeRecordings recordings_;
  const std::string kAll = "/v1/Accounts/AC1/Recordings";
};

TEST_F(RecordingsDoorTest, ListsNewestFirstByPageAndCall) {
  const Answer first = get(kAll + "?limit=2");
  EXPECT_EQ(ids(first), (std::vector<std::string>{"RE3", "RE2"}));
  EXPECT_EQ(ids(get(kAll + "?limit=2&cursor=" + first.text("next_cursor"))), std::vector<std::string>{"RE1"});
  EXPECT_EQ(ids(get(kAll + "?call_id=CA2")), std::vector<std::string>{"RE3"});
  EXPECT_EQ(get(kAll + "?call_id=x").problem(), "400 invalid_params call_id");
}

TEST_F(RecordingsDoorTest, OneAndItsDeletion) {
  EXPECT_EQ(get(kAll + "/RE1").text("id"), "RE1");
  EXPECT_EQ(get(kAll + "/RE9").problem(), "404 not_found");
  EXPECT_EQ(ask("DELETE", kAll + "/RE1").status(), 204);
  EXPECT_EQ(ask("DELETE", kAll + "/RE3").problem(), "409 wrong_state");
  EXPECT_EQ(ask("DELETE", kAll + "/RE9").problem(), "404 not_found");
}

TEST_F(RecordingsDoorTest, TheFileByKeyAndItsParts) {
  const Answer whole = get(kAll + "/RE1/Content");
  EXPECT_EQ(whole.status(), 200);
  EXPECT_EQ(whole.response.content_type, "audio/mpeg");
  EXPECT_EQ(whole.response.body, "0123456789");
  EXPECT_FALSE(recordings_.asked.back().link);
  const Answer part = ask("GET", kAll + "/RE1/Content", {}, {{"Range", "bytes=2-4"}});
  EXPECT_EQ(part.status(), 206);
  EXPECT_EQ(part.response.body, "234");
  EXPECT_EQ(part.header("Content-Range"), "bytes 2-4/10");
  for (const char* odd : {"bytes=", "bytes=-", "bytes=1-2,3-4", "lines=1-2", "bytes=a-b", "bytes=2-b"})
    EXPECT_EQ(ask("GET", kAll + "/RE1/Content", {}, {{"Range", odd}}).status(), 200) << odd;
}

TEST_F(RecordingsDoorTest, TheLinkNeedsNoKeyAndTheKeyNoLink) {
  net::HttpRequest request;
  request.method = "GET";
  request.target = kAll + "/RE1/Content?expires=17&signature=abc";
  int status = 0;
  door_->handle(request, [&](const net::HttpResponse& r) { status = r.status; });
  loop_.run_until_idle();
  EXPECT_EQ(status, 200);
  EXPECT_EQ(recordings_.asked.back().link, std::pair(std::int64_t{17}, std::string("abc")));
  request.target = kAll + "/RE1/Content";
  door_->handle(request, [&](const net::HttpResponse& r) { status = r.status; });
  loop_.run_until_idle();
  EXPECT_EQ(status, 401);
  // A link does not open anything else.
  request.target = kAll + "/RE1?expires=17&signature=abc";
  door_->handle(request, [&](const net::HttpResponse& r) { status = r.status; });
  loop_.run_until_idle();
  EXPECT_EQ(status, 401);
}

TEST_F(RecordingsDoorTest, EachFaultHasItsAnswer) {
  const std::pair<ContentFault, const char*> rows[] = {{ContentFault::not_found, "404 not_found"},
                                                       {ContentFault::not_yet, "409 wrong_state"},
                                                       {ContentFault::gone, "410 not_found"},
                                                       {ContentFault::bad_link, "403 forbidden signature"},
                                                       {ContentFault::bad_range, "416 invalid_params Range"},
                                                       {ContentFault::too_large, "400 invalid_params Range"},
                                                       {ContentFault::unavailable, "503 no_capacity"}};
  for (const auto& [fault, expected] : rows) {
    recordings_.fault = fault;
    EXPECT_EQ(get(kAll + "/RE1/Content").problem(), expected);
  }
}

}  // namespace
}  // namespace tandem::rest::test
