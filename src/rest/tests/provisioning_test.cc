// Provisioned records over the door, on the real store; isolation and hostile bodies on every route of the
// document.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>

#include "rest/tests/fixture.h"

namespace tandem::rest::test {
namespace {

namespace json = boost::json;

class ProvisioningDoorTest : public DoorTest {
 protected:
  static std::string path(const std::string& name) { return "/v1/Accounts/AC1/" + name; }
  Answer post(const std::string& name, const std::string& body, net::HeaderList headers = {}) {
    return ask("POST", path(name), body, std::move(headers));
  }
  /// The id of what is made.
  std::string made(const std::string& name, const std::string& body) {
    const Answer answer = post(name, body);
    EXPECT_EQ(answer.status(), 201) << answer.response.body;
    EXPECT_EQ(answer.header("Location"), path(name) + "/" + answer.text("id"));
    EXPECT_EQ(answer.header("ETag"), "\"1\"");
    return answer.text("id");
  }
  std::string application(const std::string& name = "main") {
    return made("Applications", R"({"name":")" + name + R"(","url":"wss://app.example/"})");
  }
};

TEST_F(ProvisioningDoorTest, ARecordIsMadeReadChangedAndDeleted) {
  const std::string app = application();
  const std::string one = path("Applications/" + app);
  EXPECT_EQ(get(one).text("url"), "wss://app.example/");
  const Answer changed = ask("PATCH", one, R"({"fallback_url":"wss://b.example/"})", {{"If-Match", "\"1\""}});
  EXPECT_EQ(changed.status(), 200) << changed.response.body;
  EXPECT_EQ(changed.text("url"), "wss://app.example/");  // What was left out stays.
  EXPECT_EQ(changed.header("ETag"), "\"2\"");
  EXPECT_EQ(ask("PATCH", one, R"({"name":"x"})", {{"If-Match", "\"1\""}}).problem(),
            "412 precondition_failed If-Match");
  EXPECT_EQ(ask("PATCH", one, R"({"name":"x"})", {{"If-Match", "W/\"2\""}}).status(), 412);
  EXPECT_EQ(ask("DELETE", one, "", {{"If-Match", "\"1\""}}).status(), 412);
  EXPECT_EQ(ask("PATCH", one, R"({"name":"x"})", {{"If-Match", "*"}}).status(), 200);
  EXPECT_EQ(ask("PATCH", one, R"({"url":"ftp://x"})").problem(), "400 invalid_params url");
  EXPECT_EQ(ask("PATCH", one, R"({"Url":"wss://x/"})").problem(), "400 invalid_params Url");
  const std::string number = made("Numbers", R"({"did":"+15550199","application_id":")" + app + "\"}");
  const Answer used = ask("DELETE", one);
  EXPECT_EQ(used.problem(), "409 in_use");
  EXPECT_NE(used.text("detail").find(number), std::string::npos);
  EXPECT_EQ(ask("DELETE", path("Numbers/" + number)).status(), 204);
  EXPECT_EQ(ask("DELETE", one).status(), 204);
  EXPECT_EQ(get(one).problem(), "404 not_found");
}

TEST_F(ProvisioningDoorTest, ErrorsNameTheField) {
  const std::string app = application();
  EXPECT_EQ(post("Applications", R"({"name":"main","url":""})").problem(), "409 conflict name");
  EXPECT_EQ(post("Applications", "{}").problem(), "400 invalid_params name");
  EXPECT_EQ(post("Numbers", R"({"did":"1"})").problem(), "400 invalid_params application_id");
  EXPECT_EQ(post("Numbers", R"({"did":"1","application_id":"APnone"})").problem(),
            "400 invalid_params application_id");
  EXPECT_EQ(post("Trunks", R"({"name":"t","addresses":["10.0.0.0/99"]})").problem(),
            "400 invalid_params addresses[0]");
  EXPECT_EQ(post("Trunks", R"({"name":"t","gateways":[{"host":"a","port":70000}]})").problem(),
            "400 invalid_params gateways[0].port");
  EXPECT_EQ(post("ApiKeys", R"({"name":"k","scopes":["root"]})").problem(), "400 invalid_params scopes[0]");
  EXPECT_EQ(post("Credentials", R"({"domain_id":"DO1","username":"bob"})").problem(),
            "400 invalid_params password");
  EXPECT_EQ(post("Credentials", R"({"domain_id":"DO1","username":"bob","password":"12345678"})").problem(),
            "400 invalid_params domain_id");
}

TEST_F(ProvisioningDoorTest, SecretsAreShownOnceOrNever) {
  const std::string app = application();
  const std::string domain = made("Domains", R"({"name":"acme.example","application_id":")" + app + "\"}");
  const std::string trunk = made(
      "Trunks",
      R"({"name":"t","gateways":[{"host":"a.example"}],"login":{"username":"u","password":"geheim-trunk"}})");
  const std::string credential =
      made("Credentials", R"({"username":"bob","password":"geheim-bob","domain_id":")" + domain + "\"}");
  const Answer key = post("ApiKeys", R"({"name":"k","scopes":["calls:read"]})");
  const std::string token = key.text("token");
  EXPECT_TRUE(token.starts_with(key.text("id") + "."));
  token_ = "AK5.operator";
  const Answer account = ask("POST", "/v1/Accounts", R"({"name":"new"})");
  EXPECT_EQ(account.text("webhook_secret").size(), 64U);
  std::string all =
      get("/v1/Accounts").response.body + get("/v1/Accounts/" + account.text("id")).response.body;
  token_ = "AK1.all";
  for (const char* name : {"Trunks", "Credentials", "ApiKeys", "AuditLog", "Domains"})
    all += get(path(name)).response.body;
  all += get(path("Trunks/" + trunk)).response.body + get(path("Credentials/" + credential)).response.body;
  all += get(path("ApiKeys/" + key.text("id"))).response.body;
  all += ask("PATCH", path("Trunks/" + trunk), R"({"login":{"username":"v"}})").response.body;
  for (const std::string& secret :
       {std::string("geheim"), token.substr(token.find('.') + 1), std::string("ha1"), std::string(31, 'a'),
        account.text("webhook_secret"), std::string("hash")}) {
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  }
  const auto kept = store_.sql().trunks({}).value().at(0);
  EXPECT_EQ(kept.login.username, "v");
  EXPECT_EQ(kept.login.password, "geheim-trunk");
}

TEST_F(ProvisioningDoorTest, NobodyGivesMoreThanHeHas) {
  EXPECT_EQ(post("ApiKeys", R"({"name":"k","scopes":["admin"]})").problem(), "400 invalid_params scopes");
  EXPECT_EQ(post("ApiKeys", R"({"name":"k","scopes":["worker"]})").problem(), "400 invalid_params scopes");
  token_ = "AK5.operator";
  const std::string chief = made("ApiKeys", R"({"name":"chief","scopes":["admin"]})");
  token_ = "AK1.all";
  EXPECT_EQ(ask("PATCH", path("ApiKeys/" + chief), R"({"scopes":["calls:read"]})").problem(),
            "400 invalid_params scopes");
  EXPECT_EQ(post("ApiKeys/" + chief + "/rotate", "").problem(), "400 invalid_params scopes");
}

TEST_F(ProvisioningDoorTest, KeysAreRotatedAndRevoked) {
  const Answer old = post("ApiKeys", R"({"name":"k","scopes":["calls:read"],"expires_in_s":86400})");
  const Answer fresh = post("ApiKeys/" + old.text("id") + "/rotate", R"({"old_expires_in_s":60})");
  ASSERT_EQ(fresh.status(), 201) << fresh.response.body;
  EXPECT_NE(fresh.text("id"), old.text("id"));
  EXPECT_NE(fresh.text("token"), "");
  EXPECT_EQ(fresh.text("scopes"), old.text("scopes"));
  EXPECT_LT(get(path("ApiKeys/" + old.text("id"))).text("expires_at"), old.text("expires_at"));
  const std::string one = path("ApiKeys/" + fresh.text("id"));
  EXPECT_NE(ask("PATCH", one, R"({"revoked":true})").text("revoked_at"), "");
  EXPECT_EQ(ask("PATCH", one, R"({"revoked":false})").problem(), "400 invalid_params revoked");
}

TEST_F(ProvisioningDoorTest, AKeyOfIdempotencyMakesOne) {
  const net::HeaderList key{{"Idempotency-Key", "k1"}};
  const Answer first = post("ApiKeys", R"({"name":"k","scopes":["calls:read"]})", key);
  const Answer again = post("ApiKeys", R"({"name":"k","scopes":["calls:read"]})", key);
  EXPECT_EQ(again.status(), 201);
  EXPECT_EQ(again.text("id"), first.text("id"));
  EXPECT_EQ(again.text("token"), "");  // Once is once.
  EXPECT_EQ(post("ApiKeys", R"({"name":"k2","scopes":["calls:read"]})", key).problem(),
            "409 idempotency_conflict Idempotency-Key");
  EXPECT_EQ(post("Applications", R"({"name":"k","url":""})", {{"Idempotency-Key", "a b"}}).problem(),
            "400 invalid_params Idempotency-Key");
  EXPECT_EQ(ids(get(path("ApiKeys"))).size(), 1U);
  store_.away = true;
  EXPECT_EQ(post("Applications", R"({"name":"n","url":""})", {{"Idempotency-Key", "k3"}}).status(), 503);
  store_.away = false;
  EXPECT_EQ(post("Applications", R"({"name":"n","url":""})", {{"Idempotency-Key", "k3"}}).status(), 201);
}

TEST_F(ProvisioningDoorTest, ListsHavePagesFiltersAndOrders) {
  const std::string app = application(), other = application("other");
  for (int i = 0; i < 5; ++i) {
    made("Numbers", R"({"did":"+155501)" + std::to_string(9 - i) + R"(","application_id":")" + app + "\"}");
  }
  const Answer page = get(path("Numbers?limit=2&sort=name"));
  EXPECT_EQ(ids(page).size(), 2U);
  const Answer next = get(path("Numbers?limit=2&sort=name&cursor=" + page.text("next_cursor")));
  EXPECT_EQ(next.json().at("items").at(0).at("did").as_string(), "+1555017");
  EXPECT_EQ(ids(get(path("Numbers?did=1555018"))).size(), 1U);
  EXPECT_EQ(ids(get(path("Numbers?application_id=" + other))).size(), 0U);
  EXPECT_EQ(get(path("Numbers?cursor=ff")).problem(), "400 invalid_params cursor");
  EXPECT_EQ(get(path("Numbers?sort=did")).problem(), "400 invalid_params sort");
  EXPECT_EQ(get(path("Numbers?name=x")).problem(), "400 invalid_params name");
}

TEST_F(ProvisioningDoorTest, WhileTheDatabaseIsAwayTheAnswerIs503) {
  const std::string app = application();
  for (const bool away : {true, false}) {
    store_.away = away, store_.busy = !away;
    for (const auto& [method, target, body] :
         {std::tuple("GET", path("Numbers"), ""),
          std::tuple("POST", path("Applications"), R"({"name":"n","url":""})"),
          std::tuple("GET", path("Applications/" + app), ""),
          std::tuple("PATCH", path("Applications/" + app), "{}"),
          std::tuple("DELETE", path("Applications/" + app), ""), std::tuple("GET", path("AuditLog"), ""),
          std::tuple("POST", path("ApiKeys/AK1/rotate"), "")}) {
      const Answer answer = ask(method, target, body);
      EXPECT_EQ(answer.problem(), "503 no_capacity") << target;
      EXPECT_EQ(answer.header("Retry-After"), "1");
    }
  }
}

TEST_F(ProvisioningDoorTest, ARouteIsExplained) {
  const std::string app = application();
  const auto number = [&](const std::string& rest) {
    return made("Numbers", R"({"application_id":")" + app + "\"," + rest + "}");
  };
  const std::string whole = number(R"("did":"+15550199")"), prefix = number(R"("did":"+1555","prefix":true)");
  const std::string ani = number(R"("did":"+15550199","ani":"+1212*")");
  const std::string domain = made("Domains", R"({"name":"acme.example","application_id":")" + app + "\"}");
  const auto explain = [&](const std::string& body) { return post("Routes/Explain", body); };
  const Answer first = explain(R"({"to":"+15550199","from":"+49301","domain":"acme.example"})");
  EXPECT_EQ(first.text("taken"), "number +15550199");
  EXPECT_EQ(first.text("application_id"), app);
  std::map<std::string, std::string> outcome;
  const auto told = first.json();
  for (const auto& c : told.at("candidates").as_array()) {
    outcome[c.at("record_id").as_string().c_str()] = c.at("outcome").as_string().c_str();
  }
  EXPECT_EQ(outcome, (std::map<std::string, std::string>{
                         {whole, "taken"}, {prefix, "beaten"}, {ani, "unfit"}, {domain, "beaten"}}));
  EXPECT_EQ(explain(R"({"to":"+15550199","from":"+12125"})").text("taken"), "number +15550199 from +1212*");
  EXPECT_EQ(explain(R"({"to":"+15559"})").text("taken"), "prefix +1555");
  EXPECT_EQ(explain(R"({"to":"bob","domain":"acme.example"})").text("taken"), "domain acme.example");
  EXPECT_EQ(explain(R"({"to":"+49"})").text("taken"), "");
  EXPECT_EQ(explain(R"({"to":"1","source":"nowhere"})").problem(), "400 invalid_params source");
  EXPECT_EQ(explain(R"({"to":"1","trunk_id":"TKnone"})").problem(), "400 invalid_params trunk_id");
  token_ = "AK2.foreign";  // Another tenant hears of none of them.
  const Answer foreign = ask("POST", "/v1/Accounts/AC2/Routes/Explain", R"({"to":"+15550199"})");
  EXPECT_EQ(foreign.response.body.find(whole), std::string::npos);
  EXPECT_TRUE(foreign.json().at("candidates").as_array().empty());
}

TEST_F(ProvisioningDoorTest, TheLogNamesKeyAddressAndFields) {
  const std::string app = application();
  ask("PATCH", path("Applications/" + app), R"({"name":"sehr geheim"})");
  const Answer log = get(path("AuditLog?limit=1"));
  EXPECT_EQ(log.json().at("items").as_array().size(), 1U);
  const Answer all = get(path("AuditLog"));
  EXPECT_EQ(all.response.body.find("geheim"), std::string::npos);
  int updates = 0;
  const auto told = all.json();
  for (const auto& entry : told.at("items").as_array()) {
    if (entry.at("action") != "updated") continue;
    ++updates;
    EXPECT_EQ(entry.at("api_key_id").as_string(), "AK1");
    EXPECT_EQ(entry.at("fields").as_string(), "name");
    EXPECT_EQ(entry.at("record_id").as_string(), app);
  }
  EXPECT_EQ(updates, 1);
}

/// Every operation of the document, with ids that exist nowhere.
struct Operation {
  std::string method, target, body_component;
};

std::vector<Operation> operations() {
  static const std::map<std::string, std::string> kIds{
      {"{AccountSid}", "AC1"},    {"{CallSid}", "CA1"},       {"{OpSid}", "OP1"},
      {"{IntentSid}", "IN1"},     {"{NumberSid}", "PN1"},     {"{ApplicationSid}", "AP1"},
      {"{DomainSid}", "DO1"},     {"{TrunkSid}", "TK1"},      {"{ApiKeySid}", "AK9"},
      {"{CredentialSid}", "CR1"}, {"{ConferenceSid}", "CF1"}, {"{QueueSid}", "QU1"},
      {"{EntrySid}", "QE1"},      {"{RecordingSid}", "RE1"}};
  std::vector<Operation> out;
  for (const auto& [pattern, methods] : document().at("paths").as_object()) {
    std::string target(pattern);
    for (const auto& [name, id] : kIds) {
      if (const auto at = target.find(name); at != std::string::npos) target.replace(at, name.size(), id);
    }
    EXPECT_EQ(target.find('{'), std::string::npos) << "an id for " << target;
    for (const auto& [name, entry] : methods.as_object()) {
      std::string method(name);
      for (char& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      std::string component;
      if (const auto* body = entry.as_object().if_contains("requestBody")) {
        component = body->at("content").at("application/json").at("schema").at("$ref").as_string().c_str();
        component = component.substr(component.rfind('/') + 1);
      }
      out.push_back({method, target, component});
    }
  }
  return out;
}

TEST_F(ProvisioningDoorTest, EveryRouteTimesAForeignKeyIs404) {
  make(unlimited());
  token_ = "AK2.foreign";
  int tried = 0;
  for (const Operation& o : operations()) {
    if (o.target.find("/AC1") == std::string::npos) continue;
    const Answer answer = ask(o.method, o.target, o.method == "GET" ? "" : "{}");
    EXPECT_EQ(answer.problem(), "404 not_found") << o.method << " " << o.target;
    ++tried;
  }
  EXPECT_GT(tried, 65);
}

TEST_F(ProvisioningDoorTest, ForeignRecordsUnderTheOwnAccountAre404) {
  const std::map<std::string, std::string> mine{
      {"AP1", application()},
      {"TK1", made("Trunks", R"({"name":"t","gateways":[{"host":"a.example"}]})")},
      {"AK9", post("ApiKeys", R"({"name":"k","scopes":["calls:read"]})").text("id")}};
  token_ = "AK2.foreign";
  for (const Operation& o : operations()) {
    for (const auto& [place, id] : mine) {
      auto at = o.target.find("/" + place);
      if (at == std::string::npos) continue;
      std::string target = o.target;
      target.replace(at + 1, place.size(), id);
      target.replace(target.find("AC1"), 3, "AC2");
      EXPECT_EQ(ask(o.method, target, o.method == "GET" ? "" : "{}").problem(), "404 not_found")
          << o.method << " " << target;
    }
  }
}

/// Properties of a component, through references and allOf.
void collect(const json::value& schema, std::vector<std::string>& out) {
  const auto& object = schema.as_object();
  if (const auto* ref = object.if_contains("$ref")) {
    const std::string text = ref->as_string().c_str();
    return collect(document().at("components").at("schemas").at(text.substr(text.rfind('/') + 1)), out);
  }
  if (const auto* parts = object.if_contains("allOf")) {
    for (const auto& part : parts->as_array()) collect(part, out);
  }
  if (const auto* parts = object.if_contains("oneOf")) {
    for (const auto& part : parts->as_array()) collect(part, out);
  }
  if (const auto* properties = object.if_contains("properties")) {
    for (const auto& [name, part] : properties->as_object()) out.emplace_back(name);
  }
}

TEST_F(ProvisioningDoorTest, HostileBodiesOnEveryRouteNeverMakeA5xx) {
  make(unlimited());
  const std::vector<std::string> values{"null",
                                        "true",
                                        "0",
                                        "-1",
                                        "1e308",
                                        "9223372036854775808",
                                        "1.5",
                                        "\"\"",
                                        "\"\\u0000\"",
                                        "\"\\ud800\"",
                                        "[]",
                                        "[[]]",
                                        "{}",
                                        "[null]",
                                        "[{}]",
                                        "{\"a\":{\"b\":[1]}}",
                                        "\"" + std::string(70'000, 'x') + "\"",
                                        "\"' OR 1=1; DROP TABLE accounts; --\"",
                                        "\"\xff\"",
                                        "\"\xc3\x28\"",
                                        "[1,2,3]",
                                        "\"AP1\"",
                                        "\"\\uFFFD\\u202e\""};
  const std::vector<std::string> bodies{"",
                                        "nonsense",
                                        "[",
                                        "{",
                                        "{}",
                                        "[]",
                                        "null",
                                        "\xff\xfe",
                                        "{\"a\":1}",
                                        std::string(40'000, '['),
                                        std::string(200'000, ' '),
                                        "{\"name\":1,\"name\":2}"};
  std::size_t sent = 0;
  const auto check = [&](const Operation& o, const std::string& body, net::HeaderList headers) {
    const Answer answer = ask(o.method, o.target, body, std::move(headers));
    ++sent;
    // 0: goes on. 501: not_implemented is an answer on purpose, a fault of ours is not.
    EXPECT_TRUE(answer.status() < 500 || answer.status() == 501)
        << answer.status() << " " << o.method << " " << o.target << " " << body.substr(0, 80);
  };
  for (const char* token : {"AK1.all", "AK5.operator"}) {
    token_ = token;
    for (const Operation& o : operations()) {
      for (const auto& body : bodies) check(o, body, {});
      check(o, "{}", {{"Content-Type", "application/json; charset=utf-16"}});
      check(o, "{}", {{"Content-Encoding", "gzip"}});
      check(o, "{}", {{"If-Match", "\"99999999999999999999999\""}});
      check(o, "{}", {{"Idempotency-Key", std::string(300, 'k')}});
      Operation odd = o;
      odd.target += "?limit=-1&cursor=%ff&sort=%00";
      check(odd, "", {});
      odd.target = o.target + "%00";
      check(odd, "", {});
      std::vector<std::string> properties;
      if (!o.body_component.empty()) collect(json::object{{"$ref", "#/" + o.body_component}}, properties);
      for (const auto& property : properties) {
        for (const auto& value : values) check(o, "{\"" + property + "\":" + value + "}", {});
      }
    }
  }
  EXPECT_GT(sent, 4000U);
}

}  // namespace
}  // namespace tandem::rest::test
