#include "registrar/store_directory.h"

#include <gtest/gtest.h>

namespace tandem::registrar {
namespace {

TEST(StoreDirectory, LooksIntoTheLatestSnapshot) {
  StoreDirectory directory;
  EXPECT_FALSE(directory.is_realm("acme.example"));
  EXPECT_FALSE(directory.find("acme.example", "alice"));
  EXPECT_FALSE(directory.is_trusted(*model::IpAddress::parse("192.0.2.1")));

  store::RoutingTable::Rules rules;
  store::Account account;
  account.id = model::AccountId("AC1");
  rules.accounts.push_back(account);
  store::Domain domain;
  domain.id = model::DomainId("DO1");
  domain.account_id = account.id;
  domain.name = "acme.example";
  rules.domains.push_back(domain);
  store::Trunk trunk;
  trunk.id = model::TrunkId("TK1");
  trunk.account_id = account.id;
  trunk.realm = "trunk.example";
  trunk.addresses = {*model::IpBlock::parse("192.0.2.0/24")};
  rules.trunks.push_back(trunk);
  store::Credential credential;
  credential.account_id = account.id;
  credential.domain_id = domain.id;
  credential.username = "alice";
  credential.realm = "acme.example";
  credential.ha1_md5 = "aa";
  credential.ha1_sha256 = "bb";
  rules.credentials.push_back(credential);
  directory.update(std::make_shared<const store::RoutingTable>(std::move(rules)));

  EXPECT_TRUE(directory.is_realm("acme.example"));
  EXPECT_TRUE(directory.is_realm("trunk.example"));
  EXPECT_FALSE(directory.is_realm("elsewhere.example"));
  EXPECT_FALSE(directory.is_realm(""));
  const auto secrets = directory.find("acme.example", "alice");
  ASSERT_TRUE(secrets);
  EXPECT_EQ(secrets->ha1_sha256, "bb");
  EXPECT_EQ(secrets->domain_id, domain.id);
  EXPECT_FALSE(directory.find("acme.example", "Alice"));
  EXPECT_TRUE(directory.is_trusted(*model::IpAddress::parse("192.0.2.200")));
  EXPECT_FALSE(directory.is_trusted(*model::IpAddress::parse("192.0.3.1")));

  cluster::Endpoint endpoint;
  endpoint.user = "alice";
  endpoint.domain = "acme.example";
  endpoint.account_id = account.id;
  EXPECT_TRUE(directory.may_stay(endpoint));
  endpoint.account_id = model::AccountId("AC2");
  EXPECT_FALSE(directory.may_stay(endpoint));
  directory.update(std::make_shared<const store::RoutingTable>(store::RoutingTable::Rules{}));
  EXPECT_FALSE(directory.is_realm("acme.example"));
}

}  // namespace
}  // namespace tandem::registrar
