// The REST door as it is wired: keys and records of a real store, requests over a real HTTP server.
#include "server/rest_door.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>

#include "net/tests/support.h"
#include "rest/tests/fakes.h"
#include "store/api/api_key.h"
#include "store/async/call_store.h"
#include "store/sql/open_store.h"
#include "store/tests/sample.h"

namespace tandem::server {
namespace {

class RestDoorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto sql = store::open_store({"sqlite::memory:"});
    ASSERT_TRUE(sql) << sql.error().detail;
    for (const char* id : {"AC1", "AC2"}) {
      store::Account account;
      account.id = model::AccountId(id);
      account.name = id;
      ASSERT_TRUE((*sql)->create(account));
    }
    all_ = add_key(**sql, "AC1", {store::Scope::calls_read, store::Scope::calls_write});
    endpoints_ = add_key(**sql, "AC1", {store::Scope::endpoints_read});
    expired_ = add_key(**sql, "AC1", {store::Scope::calls_read}, WallTime(std::chrono::seconds(1)));
    operator_ = add_key(**sql, "", {store::Scope::admin});
    auto cdr = store::sample_cdr("7");
    ASSERT_TRUE((*sql)->write_cdrs({cdr}));
    store_ = store::make_call_store(std::move(*sql), *control_, {}, {}, metrics_);
    door_ = std::make_unique<RestDoor>(rest::DoorOptions{},
                                       RestPorts{core_, *control_, *store_, nullptr, clock_, metrics_});
    net::ServerOptions options;
    options.listen = *model::SocketAddress::parse("127.0.0.1:0");
    http_ = pool_->make_server(std::move(options));
    door_->attach(*http_);
    ASSERT_TRUE(http_->start());
  }
  void TearDown() override {
    http_.reset();
    door_.reset();
    std::promise<void> done;
    control_->post([&] {
      store_.reset();
      done.set_value();
    });
    done.get_future().wait();
  }
  static std::string add_key(store::Store& store, const char* account, std::vector<store::Scope> scopes,
                             std::optional<WallTime> expires = {}) {
    store::ApiKey key;
    key.account_id = model::AccountId(account);
    key.name = "test";
    key.scopes = std::move(scopes);
    key.expires = expires;
    auto made = store::make_api_key(key);
    const auto created = store.create(made.key);
    EXPECT_TRUE(created) << created.error().detail;
    return made.token;
  }
  std::string get(const std::string& token, const std::string& target) {
    const int fd = net::test::connect_raw(http_->address());
    net::test::write_all(fd, "GET " + target +
                                 " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " +
                                 token + "\r\n\r\n");
    std::string answer = net::test::read_to_end(fd);
    ::close(fd);
    return answer.substr(0, 12) + answer.substr(answer.find("\r\n\r\n") + 4);
  }

  SystemClock clock_;
  Metrics metrics_;
  rest::test::FakeCore core_;
  std::unique_ptr<net::Pool> pool_ = net::make_pool(1, {});
  std::unique_ptr<runtime::Loop> control_ = std::make_unique<runtime::Loop>("control", clock_);
  std::unique_ptr<store::CallStore> store_;
  std::unique_ptr<RestDoor> door_;
  std::unique_ptr<net::HttpServer> http_;
  std::string all_, endpoints_, expired_, operator_;
};

TEST_F(RestDoorTest, KeysAreThoseOfTheStore) {
  EXPECT_TRUE(get(all_, "/v1/Accounts/AC1/Calls").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(get(all_, "/v1/Accounts/AC1/Sessions").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(get(all_, "/v1/Accounts/AC1/Endpoints").starts_with("HTTP/1.1 403"));
  EXPECT_TRUE(get(all_, "/v1/Accounts/AC2/Calls").starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(get(endpoints_, "/v1/Accounts/AC1/Endpoints").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(get(endpoints_, "/v1/Accounts/AC1/Calls").starts_with("HTTP/1.1 403"));
  EXPECT_TRUE(get(operator_, "/v1/Accounts/AC2/Endpoints").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(get(operator_, "/v1/Accounts/AC3/Endpoints").starts_with("HTTP/1.1 404"));
  EXPECT_NE(get(expired_, "/v1/Accounts/AC1/Calls").find("expired"), std::string::npos);
  EXPECT_TRUE(get(all_ + "0", "/v1/Accounts/AC1/Calls").starts_with("HTTP/1.1 401"));
}

TEST_F(RestDoorTest, RecordsAreThoseOfTheStore) {
  const std::string one = get(all_, "/v1/Accounts/AC1/Calls/CA7");
  EXPECT_NE(one.find(R"("cdr":{"cdr_id":"CD7")"), std::string::npos) << one;
  EXPECT_NE(one.find(R"("status":"ended")"), std::string::npos);
  EXPECT_TRUE(get(all_, "/v1/Accounts/AC1/Calls/CA8").starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(get(operator_, "/v1/Accounts/AC2/Calls/CA7").starts_with("HTTP/1.1 404"));
  const std::string listed = get(all_, "/v1/Accounts/AC1/Calls?direction=inbound&session_id=SE1");
  EXPECT_NE(listed.find("CA7"), std::string::npos) << listed;
  EXPECT_EQ(get(all_, "/v1/Accounts/AC1/Calls?direction=outbound").find("CA7"), std::string::npos);
  EXPECT_EQ(get(all_, "/v1/Accounts/AC1/Calls?started_before=2026-01-01T00:00:00.001Z").find("CA7"),
            std::string::npos);
  EXPECT_NE(get(all_, "/v1/Accounts/AC1/Calls?cursor=4500").find(R"("field":"cursor")"), std::string::npos);
}

}  // namespace
}  // namespace tandem::server
