// Conferences: lists, new ones, operations on them.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

namespace json = boost::json;

const std::string kConferences = "/v1/Accounts/AC1/Conferences";
const std::string kOne = kConferences + "/CF1";

class ConferencesTest : public DoorTest {
 protected:
  std::vector<std::string> ids(const Answer& page) {
    std::vector<std::string> out;
    const auto body = page.json();
    for (const auto& item : body.at("items").as_array()) out.emplace_back(item.at("id").as_string());
    return out;
  }
};
using Ids = std::vector<std::string>;

TEST_F(ConferencesTest, AreMadeAndFound) {
  const Answer made = ask("POST", kConferences,
                          R"({"name":"standup","pin":"1234","start":"moderator","max_participants":5})");
  EXPECT_EQ(made.status(), 201);
  EXPECT_EQ(made.header("Location"), kOne);
  EXPECT_EQ(made.text("name"), "standup");
  EXPECT_EQ(made.response.body.find("1234"), std::string::npos);  // A PIN is never shown.
  EXPECT_EQ(get(kOne).text("state"), "waiting");
  EXPECT_EQ(get(kConferences + "/CF2").problem(), "404 conference_not_found");
  EXPECT_EQ(ask("POST", kConferences, "").status(), 201);
  EXPECT_EQ(ask("POST", kConferences, R"({"pin":"x"})").problem(), "400 invalid_params pin");
  EXPECT_EQ(ask("POST", kConferences, R"({"op_id":"OP1"})").problem(), "400 invalid_params op_id");
  EXPECT_EQ(ask("POST", kConferences, R"({"record":true})").problem(), "400 invalid_params record");
  EXPECT_EQ(ask("POST", kConferences, R"({"record":{"tracks":"all"}})").status(), 201);
  core_.refusal.emplace();
  core_.refusal->code = model::ErrorCode::name_taken;
  core_.refusal->field = "name";
  EXPECT_EQ(ask("POST", kConferences, R"({"name":"standup"})").problem(), "409 name_taken name");
}

TEST_F(ConferencesTest, AreListedNewestFirst) {
  for (const char* name : {"a", "b", "c"})
    ask("POST", kConferences, std::string(R"({"name":")") + name + R"("})");
  core_.all_conferences[1].state = model::ConferenceState::active;
  model::ConferenceParticipant member;
  member.call_id = kCall;
  core_.all_conferences[1].participants.push_back(member);
  const Answer page = get(kConferences + "?limit=2");
  EXPECT_EQ(ids(page), (Ids{"CF3", "CF2"}));
  EXPECT_EQ(ids(get(kConferences + "?limit=2&cursor=" + page.text("next_cursor"))), (Ids{"CF1"}));
  EXPECT_EQ(ids(get(kConferences + "?status=active")), (Ids{"CF2"}));
  EXPECT_EQ(ids(get(kConferences + "?name=c")), (Ids{"CF3"}));
  EXPECT_EQ(get(kConferences + "?status=ended").problem(), "400 invalid_params status");
}

TEST_F(ConferencesTest, EveryOperationOfTheProtocol) {
  ask("POST", kConferences, "{}");
  core_.complete_at_once = true;
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TANDEM_METHODS)) {
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const json::value method = json::parse(text.str());
    if (method.at("x-resource") != "conference") continue;
    json::value params = method.at("x-example").at("params");
    params.as_object().erase("conference_id");
    const json::value body = json::object{{"method", method.at("x-method")}, {"params", params}};
    EXPECT_EQ(component_complaint("conference_operation_request", body), "") << entry.path();
    const Answer answer = ask("POST", kOne + "/Operations", json::serialize(body));
    EXPECT_EQ(answer.status(), 200) << entry.path() << answer.response.body;
    EXPECT_TRUE(answer.header("Location").starts_with(kOne + "/Operations/OP"));
    ++seen;
  }
  EXPECT_EQ(seen, 5U);
  EXPECT_EQ(ask("POST", kOne + "/Operations", R"({"method":"call.say","params":{"text":"x"}})").problem(),
            "400 invalid_params method");
  EXPECT_EQ(ask("POST", kOperations, R"({"method":"conference.end"})").problem(),
            "400 invalid_params method");
  EXPECT_EQ(ask("DELETE", kOne).status(), 204);
  EXPECT_EQ(std::get<model::ConferenceEnd>(core_.submitted.back()).conference_id.str(), "CF1");
}

TEST_F(ConferencesTest, OperationsAreControlled) {
  ask("POST", kConferences, "{}");
  net::HeaderList async{{"Prefer", "respond-async"}};
  const auto play = send("POST", kOne + "/Operations",
                         R"({"method":"conference.play","params":{"sources":[{"silence_ms":100}]}})", async);
  EXPECT_EQ(play->status(), 202);
  EXPECT_EQ(get(play->header("Location")).text("state"), "running");
  EXPECT_EQ(ask("POST", kOne + "/Operations/OP1/stop").status(), 200);
  EXPECT_EQ(ask("POST", kOne + "/Operations/OP9/stop").problem(), "404 op_not_found");
  EXPECT_EQ(ask("POST", kConferences + "/CF9/Operations/OP9/stop").problem(), "404 conference_not_found");
}

}  // namespace
}  // namespace tandem::rest::test
