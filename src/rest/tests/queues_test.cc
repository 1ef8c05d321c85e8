// Queues by REST: lists, settings, who waits, operations.
#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

constexpr const char* kQueues = "/v1/Accounts/AC1/Queues";
constexpr const char* kSupport = "/v1/Accounts/AC1/Queues/QUsupport";

class QueuesTest : public DoorTest {
 protected:
  void SetUp() override {
    DoorTest::SetUp();
    for (const char* name : {"reserve", "support"}) {
      model::QueueInfo info;
      info.id = model::QueueId(std::string("QU") + name);
      info.name = name;
      core_.all_queues.push_back(info);
    }
    queues_.stored = [this](const model::QueueId& id, const wire::QueueSettingsBody& s) {
      model::QueueInfo info;
      info.id = id;
      info.name = s.name;
      info.max_size = s.max_size;
      core_.all_queues.push_back(info);
    };
  }
  void waits(const std::string& id, int position) {
    model::QueueEntry e;
    e.id = model::QueueEntryId("QE" + id);
    e.queue_id = model::QueueId("QUsupport");
    e.queue = "support";
    e.call_id = model::CallId("CA" + id);
    e.op_id = model::OpId("OP" + id);
    e.position = position;
    core_.all_entries.push_back(e);
  }
};

TEST_F(QueuesTest, AreListedByNameInPages) {
  const auto first = get(std::string(kQueues) + "?limit=1");
  EXPECT_EQ(ids(first), (std::vector<std::string>{"QUreserve"}));
  const auto second = get(std::string(kQueues) + "?limit=1&cursor=" + first.text("next_cursor"));
  EXPECT_EQ(ids(second), (std::vector<std::string>{"QUsupport"}));
  EXPECT_EQ(second.text("next_cursor"), "");
  token_ = "AK4.read";
  EXPECT_EQ(get(kQueues).problem(), "403 forbidden");
}

TEST_F(QueuesTest, OneIsShownWithThoseWhoWait) {
  for (int i = 1; i <= 3; ++i) waits(std::to_string(i), i);
  const auto first = get(std::string(kSupport) + "?limit=2");
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.json().at("entries").as_array().size(), 2U);
  const auto second = get(std::string(kSupport) + "?limit=2&cursor=" + first.text("next_cursor"));
  EXPECT_EQ(second.json().at("entries").as_array().at(0).at("id").as_string(), "QE3");
  EXPECT_EQ(second.text("next_cursor"), "");
  EXPECT_EQ(get(std::string(kQueues) + "/QUnone").problem(), "404 queue_not_found");
  EXPECT_EQ(get(std::string(kSupport) + "?cursor=x").problem(), "400 invalid_params cursor");
}

TEST_F(QueuesTest, AreProvisioned) {
  const auto made = ask("POST", kQueues, R"({"name":"new","max_size":5,"wait_urls":["http://a/b"]})");
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(made.header("Location"), "/v1/Accounts/AC1/Queues/QUnew");
  EXPECT_EQ(made.text("max_size"), "5");
  EXPECT_EQ(ask("PUT", kSupport, R"({"name":"support","order":"arrival"})").status(), 200);
  EXPECT_EQ(ask("DELETE", kSupport).status(), 204);
  EXPECT_EQ(queues_.asked, (std::vector<std::string>{"create AC1 new", "replace AC1 QUsupport support",
                                                     "remove AC1 QUsupport"}));
  EXPECT_EQ(ask("POST", kQueues, "{}").problem(), "400 invalid_params name");
  EXPECT_EQ(ask("POST", kQueues, R"({"name":"a b"})").problem(), "400 invalid_params name");
  EXPECT_EQ(ask("POST", kQueues, R"({"name":"a","order":"x"})").problem(), "400 invalid_params order");
  EXPECT_EQ(ask("POST", kQueues, R"({"name":"a","more":1})").problem(), "400 invalid_params more");
  queues_.refusal.emplace();
  queues_.refusal->code = model::ErrorCode::queue_not_found;
  EXPECT_EQ(ask("DELETE", kSupport).problem(), "404 queue_not_found");
}

TEST_F(QueuesTest, OperationsHaveTheQueueOfThePath) {
  core_.complete_at_once = true;
  const std::string operations = std::string(kSupport) + "/Operations";
  const auto taken =
      ask("POST", operations, R"({"method":"queue.take","params":{"call_id":"CA1","wait_ms":1000}})");
  EXPECT_EQ(taken.status(), 200);
  EXPECT_EQ(taken.header("Location").substr(0, 39), "/v1/Accounts/AC1/Calls/CA1/Operations/O");
  const auto& take = std::get<model::QueueTake>(core_.submitted.at(0));
  EXPECT_EQ(take.queue_id, model::QueueId("QUsupport"));
  EXPECT_EQ(ask("POST", operations, R"({"method":"queue.take","params":{"call_id":"CA1","queue":"other"}})")
                .problem(),
            "400 invalid_params params.queue");
  EXPECT_EQ(
      ask("POST", operations, R"({"method":"call.say","params":{"call_id":"CA1","text":"x"}})").problem(),
      "400 invalid_params method");
  EXPECT_EQ(ask("DELETE", std::string(kSupport) + "/Entries/QE7").status(), 204);
  const auto& removed = std::get<model::QueueRemove>(core_.submitted.at(1));
  EXPECT_EQ(removed.queue_entry_id, model::QueueEntryId("QE7"));
  EXPECT_EQ(removed.queue_id, model::QueueId("QUsupport"));
  core_.refusal.emplace();
  core_.refusal->code = model::ErrorCode::queue_entry_not_found;
  core_.refusal->field = "queue_entry_id";
  EXPECT_EQ(ask("DELETE", std::string(kSupport) + "/Entries/QE7").problem(), "404 queue_entry_not_found");
}

}  // namespace
}  // namespace tandem::rest::test
