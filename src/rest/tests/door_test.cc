// What holds for every route: addresses, methods, keys, scopes, limits, bodies.
#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

struct Sample {
  std::string method;
  std::string target;
  std::string body;
  std::string scope;
};

std::vector<Sample> samples() {
  const std::string account = "/v1/Accounts/AC1";
  const std::string op = account + "/Calls/CA1/Operations/OP1";
  const std::string room = account + "/Conferences/CF1";
  std::vector<Sample> out{
      {"POST", account + "/Calls", "{}", "calls:write"},
      {"GET", account + "/Intents", "", "calls:read"},
      {"GET", account + "/Intents/IN1", "", "calls:read"},
      {"GET", account + "/Calls", "", "calls:read"},
      {"GET", account + "/Calls/CA1", "", "calls:read"},
      {"DELETE", account + "/Calls/CA1", "", "calls:write"},
      {"POST", account + "/Calls/CA1/Operations", R"({"method":"call.hangup"})", "calls:write"},
      {"GET", op, "", "calls:read"},
      {"POST", op + "/cancel", "", "calls:write"},
      {"POST", op + "/stop", "", "calls:write"},
      {"POST", op + "/pause", "", "calls:write"},
      {"POST", op + "/resume", "{}", "calls:write"},
      {"GET", account + "/Endpoints", "", "endpoints:read"},
      {"GET", account + "/Sessions", "", "sessions:read"},
      {"GET", account + "/Conferences", "", "conferences:read"},
      {"POST", account + "/Conferences", "{}", "conferences:write"},
      {"GET", room, "", "conferences:read"},
      {"DELETE", room, "", "conferences:write"},
      {"POST", room + "/Operations", R"({"method":"conference.end"})", "conferences:write"},
      {"GET", room + "/Operations/OP1", "", "conferences:read"},
      {"POST", room + "/Operations/OP1/cancel", "", "conferences:write"},
      {"POST", room + "/Operations/OP1/stop", "{}", "conferences:write"},
      {"GET", account + "/Queues", "", "queues:read"},
      {"POST", account + "/Queues", R"({"name":"q"})", "queues:write"},
      {"GET", account + "/Queues/QU1", "", "queues:read"},
      {"PUT", account + "/Queues/QU1", R"({"name":"q"})", "queues:write"},
      {"DELETE", account + "/Queues/QU1", "", "queues:write"},
      {"DELETE", account + "/Queues/QU1/Entries/QE1", "", "queues:write"},
      {"POST", account + "/Queues/QU1/Operations", R"({"method":"queue.take","params":{"call_id":"CA1"}})",
       "queues:write"},
      {"GET", account + "/Recordings", "", "calls:read"},
      {"GET", account + "/Recordings/RE1", "", "calls:read"},
      {"DELETE", account + "/Recordings/RE1", "", "calls:write"},
      {"GET", account + "/Recordings/RE1/Content", "", "calls:read"},
      {"POST", account + "/ApiKeys/AK9/rotate", "", "provisioning:write"},
      {"GET", account + "/AuditLog", "", "provisioning:read"},
      {"POST", account + "/Routes/Explain", R"({"to":"1"})", "provisioning:read"},
  };
  for (const auto& [name, id] :
       {std::pair("Applications", "AP1"), std::pair("Numbers", "PN1"), std::pair("Domains", "DO1"),
        std::pair("Trunks", "TK1"), std::pair("Credentials", "CR1"), std::pair("ApiKeys", "AK9")}) {
    const std::string all = account + "/" + name, one = all + "/" + id;
    out.push_back({"GET", all, "", "provisioning:read"});
    out.push_back({"POST", all, "{}", "provisioning:write"});
    out.push_back({"GET", one, "", "provisioning:read"});
    out.push_back({"PATCH", one, "{}", "provisioning:write"});
    out.push_back({"DELETE", one, "", "provisioning:write"});
  }
  out.push_back({"GET", account, "", "provisioning:read"});
  out.push_back({"PATCH", account, "{}", "provisioning:write"});
  out.push_back({"DELETE", account, "", "provisioning:write"});
  return out;
}

/// Those about all accounts: no tenant's.
std::vector<Sample> operator_samples() {
  return {{"GET", "/v1/Accounts", "", "provisioning:read"},
          {"POST", "/v1/Accounts", "{}", "provisioning:write"}};
}

TEST_F(DoorTest, EveryRouteOfTheDocumentHasASample) {
  std::size_t operations = 0;
  for (const auto& [path, methods] : document().at("paths").as_object())
    operations += methods.as_object().size();
  EXPECT_EQ(samples().size() + operator_samples().size() + 1, operations);
  EXPECT_EQ(routes().size(), operations);
}

TEST_F(DoorTest, TheContractSeesWhatIsWrong) {
  net::HttpResponse response = get(kCalls).response;
  EXPECT_EQ(contract_complaint("GET", kCalls, response), "");
  EXPECT_NE(contract_complaint("GET", "/v1/Accounts/AC1/Calls/CA1", response), "");
  response.body = R"({"items":[{"id":"CA1"}],"next_cursor":null})";
  EXPECT_NE(contract_complaint("GET", kCalls, response), "");
  response.status = 202;
  EXPECT_NE(contract_complaint("GET", kCalls, response), "");
  EXPECT_NE(
      component_complaint("operation_request", boost::json::parse(R"({"method":"call.say","params":{}})")),
      "");
}

TEST_F(DoorTest, EveryRouteWantsAKey) {
  for (const Sample& s : samples()) {
    for (const char* bad : {"", "Bearer", "Bearer ", "Basic QUsxOmFsbA==", "Bearer AK9.unknown", "AK1.all",
                            "Bearer AK1.all AK1.all", "Bearer AK6.expired", "Bearer AK7.revoked"}) {
      net::HttpRequest request{s.method, s.target, {{"Authorization", bad}}, s.body, {}};
      if (*bad == '\0') request.headers.clear();
      Answer answer;
      door_->handle(request, [&](net::HttpResponse r) { answer = {true, std::move(r)}; });
      loop_.run_until_idle();
      EXPECT_EQ(answer.problem(), "401 unauthenticated Authorization") << s.target << " " << bad;
      EXPECT_TRUE(answer.header("WWW-Authenticate").starts_with("Bearer realm=")) << bad;
    }
  }
  EXPECT_TRUE(core_.submitted.empty());
  EXPECT_TRUE(core_.requested.empty());
}

TEST_F(DoorTest, TwoAuthorizationHeadersAreNone) {
  EXPECT_EQ(ask("GET", kCalls, {}, {{"Authorization", "Bearer AK1.all"}, {"Authorization", "Bearer AK1.all"}})
                .status(),
            401);
  EXPECT_EQ(ask("GET", kCalls, {}, {{"authorization", "bEARER  AK1.all "}}).status(), 200);
}

TEST_F(DoorTest, ExpiredAndRevokedKeysAreToldApart) {
  token_ = "AK6.expired";
  EXPECT_NE(get(kCalls).text("detail").find("expired"), std::string::npos);
  token_ = "AK7.revoked";
  EXPECT_NE(get(kCalls).text("detail").find("revoked"), std::string::npos);
}

TEST_F(DoorTest, AnotherTenantsAccountLooksLikeNone) {
  make(unlimited());
  for (const Sample& s : samples()) {
    token_ = "AK2.foreign";
    const Answer foreign = ask(s.method, s.target, s.body);
    std::string unknown_target = s.target;
    unknown_target.replace(unknown_target.find("AC1"), 3, "AC9");
    const Answer unknown = ask(s.method, unknown_target, s.body);
    EXPECT_EQ(foreign.problem(), "404 not_found") << s.target;
    EXPECT_EQ(foreign.response.body, unknown.response.body);
    token_ = "AK3.none";  // Not even a missing scope shows that it exists.
    EXPECT_EQ(ask(s.method, unknown_target, s.body).response.body, foreign.response.body);
  }
  EXPECT_TRUE(core_.submitted.empty());
}

TEST_F(DoorTest, EveryRouteWantsItsScope) {
  make(unlimited());
  for (const Sample& s : samples()) {
    token_ = "AK3.none";
    const Answer refused = ask(s.method, s.target, s.body);
    EXPECT_EQ(refused.problem(), "403 forbidden") << s.target;
    EXPECT_NE(refused.text("detail").find(s.scope), std::string::npos) << s.target;
    token_ = "AK4.read";
    EXPECT_EQ(ask(s.method, s.target, s.body).status() == 403, s.scope != "calls:read") << s.target;
  }
}

TEST_F(DoorTest, AccountsAreTheOperators) {
  for (const Sample& s : operator_samples()) {
    token_ = "AK1.all";
    EXPECT_EQ(ask(s.method, s.target, s.body).problem(), "403 forbidden");
    token_ = "AK3.none";
    EXPECT_EQ(ask(s.method, s.target, s.body).problem(), "403 forbidden");
    token_ = "AK5.operator";
    EXPECT_NE(ask(s.method, s.target, s.body).status(), 403);
  }
  token_ = "AK1.all";
  EXPECT_EQ(ask("PATCH", "/v1/Accounts/AC1", R"({"max_concurrent_calls":0})").problem(), "403 forbidden");
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC1").problem(), "403 forbidden");
  EXPECT_EQ(ask("DELETE", "/v1/Accounts/AC2").problem(), "404 not_found");
}

TEST_F(DoorTest, AnOperatorsKeyIsGoodForEveryAccountThatExists) {
  token_ = "AK5.operator";
  EXPECT_EQ(get("/v1/Accounts/AC1/Sessions").status(), 200);
  EXPECT_EQ(get("/v1/Accounts/AC2/Sessions").status(), 200);
  EXPECT_EQ(get("/v1/Accounts/AC9/Sessions").problem(), "404 not_found");
}

TEST_F(DoorTest, UnknownAddresses) {
  for (const char* target : {"/v1/", "/v1", "/v1/Accounts/", "/v1/Accounts/AC9", "/v1/Accounts/AC1/Calls/",
                             "/v1/accounts/AC1/Calls", "/v1/Accounts//Calls", "/v1/Accounts/XX1/Calls",
                             "/v1/Accounts/AC1/Calls/IN1", "/v1/Accounts/AC1/Calls/CA%2f",
                             "/v1/Accounts/AC1/Calls/CA1/Operations/OP1/explode",
                             "/v1/Accounts/AC1/../AC2/Calls", "/v2/openapi.json"}) {
    const Answer answer = get(target);
    EXPECT_TRUE(answer.status() == 404 || answer.status() == 405) << target << " " << answer.status();
  }
  Answer encoded;  // Held against no document, which would have to decode it.
  net::HttpRequest request{
      "GET", "/v1/%41ccounts/%41C1/Calls", {{"Authorization", "Bearer AK1.all"}}, {}, {}};
  door_->handle(std::move(request), [&](net::HttpResponse r) { encoded = {true, std::move(r)}; });
  loop_.run_until_idle();
  EXPECT_EQ(encoded.status(), 200);
}

TEST_F(DoorTest, TargetsThatAreNotWellFormed) {
  for (const char* target :
       {"/v1/%", "/v1/%4", "/v1/%zz", "/v1/%00", "/v1/%0d%0aX", "/v1/%ff", "/v1/%ed%a0%80"}) {
    EXPECT_EQ(get(target).problem(), "400 invalid_params") << target;
  }
  EXPECT_EQ(get(std::string("/v1") + std::string(100, '/')).status(), 400);
  EXPECT_EQ(get(std::string(kCalls) + "?limit=%").problem(), "400 invalid_params limit");
  EXPECT_EQ(get(std::string(kCalls) + "?=1").problem(), "400 invalid_params");
}

TEST_F(DoorTest, MethodsOfAnAddress) {
  const Answer put = ask("PUT", kCalls);
  EXPECT_EQ(put.problem(), "405 unknown_method");
  EXPECT_EQ(put.header("Allow"), "POST, GET, HEAD, OPTIONS");
  const Answer options = ask("OPTIONS", "/v1/Accounts/AC1/Calls/CA1");
  EXPECT_EQ(options.status(), 204);
  EXPECT_EQ(options.header("Allow"), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(ask("HEAD", kCalls).status(), 200);
  EXPECT_EQ(ask("get", kCalls).status(), 405);
}

TEST_F(DoorTest, TheDocumentNeedsNoKey) {
  token_ = "";
  const Answer answer = get("/v1/openapi.json");
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.text("openapi"), "3.1.0");
  EXPECT_EQ(ask("GET", "/v1/openapi.json", {}, {{"If-None-Match", answer.header("ETag")}}).status(), 304);
  EXPECT_EQ(ask("GET", "/v1/openapi.json", {}, {{"If-None-Match", "\"x\""}}).status(), 200);
}

TEST_F(DoorTest, KeysAreLimitedInRate) {
  DoorOptions options;
  options.rate_limit = {2, 3};
  make(options);
  EXPECT_EQ(get(kCalls).header("RateLimit-Remaining"), "2");
  EXPECT_EQ(get(kCalls).status(), 200);
  const Answer third = get(kCalls);
  EXPECT_EQ(third.header("RateLimit-Limit"), "3");
  EXPECT_EQ(third.header("RateLimit-Remaining"), "0");
  EXPECT_EQ(third.header("RateLimit-Reset"), "2");
  const Answer fourth = get(kCalls);
  EXPECT_EQ(fourth.problem(), "429 rate_limited");
  EXPECT_EQ(fourth.text("retry_after_ms"), "500");
  EXPECT_EQ(fourth.header("Retry-After"), "1");
  token_ = "AK4.read";
  EXPECT_EQ(get(kCalls).status(), 200);
  token_ = "AK1.all";
  loop_.advance(std::chrono::milliseconds(500));
  EXPECT_EQ(get(kCalls).status(), 200);
}

TEST_F(DoorTest, RequestsUnderWayAreBounded) {
  DoorOptions options;
  options.max_under_way = 1;
  make(options);
  const auto first = send("POST", kOperations, R"({"method":"call.hangup"})");
  EXPECT_FALSE(first->came);
  const Answer second = get(kCalls);
  EXPECT_EQ(second.problem(), "503 no_capacity");
  EXPECT_EQ(second.header("Retry-After"), "1");
  core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::hung_up);
  loop_.run_until_idle();
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(get(kCalls).status(), 200);
}

TEST_F(DoorTest, BodiesMustBeJson) {
  const auto post = [&](const std::string& body, const char* type) {
    return ask("POST", kCalls, body, {{"Content-Type", type}}).problem();
  };
  EXPECT_EQ(post("{}", "text/plain"), "415 invalid_request Content-Type");
  EXPECT_EQ(post("a=1", "application/x-www-form-urlencoded"), "415 invalid_request Content-Type");
  EXPECT_EQ(post("{}", "application/json; charset=utf-16"), "415 invalid_request Content-Type");
  EXPECT_EQ(post("{}", "application/jsonx"), "415 invalid_request Content-Type");
  EXPECT_EQ(post("{}", "APPLICATION/JSON ; charset=UTF-8"), "201 ");
  EXPECT_EQ(ask("POST", kCalls, "{}", {{"Content-Encoding", "gzip"}}).problem(),
            "415 invalid_request Content-Encoding");
  EXPECT_EQ(post(std::string(200'000, ' '), "application/json"), "413 frame_too_large");
}

TEST_F(DoorTest, HostileBodiesAreRefusedByName) {
  const std::string deep = std::string(60'000, '[');
  const struct {
    std::string body;
    const char* problem;
  } cases[] = {
      {"nonsense", "400 parse_error"},
      {"{\"data\":\"\xc0\xaf\"}", "400 parse_error"},
      {std::string("{\"data\":\0}", 10), "400 parse_error"},
      {std::string("\xff\xfe{\0}\0", 6), "400 parse_error"},
      {R"({"data":)" + deep, "400 parse_error"},
      {R"({"data":NaN})", "400 parse_error"},
      {R"({"data":1}{"data":2})", "400 parse_error"},
      {"[1]", "400 invalid_request"},
      {"\"text\"", "400 invalid_request"},
      {R"({"data":1,"data":1})", "400 invalid_request"},
      {R"({"data":{"a":1,"a":1}})", "400 invalid_request"},
      {R"({"data":1e400})", "400 invalid_params data"},
      {R"({"Data":1})", "400 invalid_params Data"},
      {R"({"application_id":7})", "400 invalid_params application_id"},
      {R"({"application_id":"AP1' OR 1=1"})", "400 invalid_params application_id"},
      {R"({"data":")" + std::string(65'536, 'x') + "\"}", "400 invalid_params data"},
  };
  for (const auto& c : cases)
    EXPECT_EQ(ask("POST", kCalls, c.body).problem(), c.problem) << c.body.substr(0, 60);
  EXPECT_TRUE(core_.requested.empty());
}

TEST_F(DoorTest, UnknownAndRepeatedQueryParametersAreRefused) {
  EXPECT_EQ(get(std::string(kCalls) + "?page=2").problem(), "400 invalid_params page");
  EXPECT_EQ(get(std::string(kCalls) + "?limit=1&limit=2").problem(), "400 invalid_params limit");
  EXPECT_EQ(get(std::string(kCalls) + "?limit").problem(), "400 invalid_params limit");
  EXPECT_EQ(ask("POST", std::string(kCalls) + "?dry=1", "{}").problem(), "400 invalid_params dry");
  EXPECT_EQ(get("/v1/Accounts/AC1/Calls/CA1?access_token=x").problem(), "400 invalid_params access_token");
  EXPECT_EQ(get(std::string(kCalls) + "?").status(), 200);
}

TEST_F(DoorTest, CallbacksThatComeAfterTheDoorDieQuietly) {
  const auto answer = send("POST", kOperations, R"({"method":"call.hangup"})");
  door_.reset();
  core_.complete(kOp, model::OpOutcome::succeeded, model::OpReason::hung_up);
  loop_.run_until_idle();
  EXPECT_FALSE(answer->came);
}

}  // namespace
}  // namespace tandem::rest::test
