#include "cluster/single/single_directory.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cluster/single/record_codec.h"

namespace tandem::cluster {
namespace {

CallRecord sample(const std::string& n) {
  CallRecord r;
  r.call_id = model::CallId("CA" + n), r.account_id = model::AccountId("AC1");
  r.application_id = model::ApplicationId("AP1"), r.session_id = model::SessionId("SE1");
  r.direction = "inbound", r.from = std::string("a\0\n\xff", 4), r.to = "+1555", r.sip_call_id = "x@y";
  r.source = "[::1]:5060", r.transport = "udp", r.state = "answered", r.codec = "PCMU",
  r.tag_json = R"({"a":1})";
  r.started_unix_ms = 1'767'225'600'001, r.answered_unix_ms = -1, r.updated_unix_ms = 3;
  return r;
}

void expect_same(const CallRecord& a, const CallRecord& b) {
  EXPECT_EQ(a.call_id, b.call_id);
  EXPECT_EQ(a.account_id, b.account_id);
  EXPECT_EQ(a.application_id, b.application_id);
  EXPECT_EQ(a.session_id, b.session_id);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.sip_call_id, b.sip_call_id);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.transport, b.transport);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.codec, b.codec);
  EXPECT_EQ(a.tag_json, b.tag_json);
  EXPECT_EQ(a.started_unix_ms, b.started_unix_ms);
  EXPECT_EQ(a.answered_unix_ms, b.answered_unix_ms);
  EXPECT_EQ(a.updated_unix_ms, b.updated_unix_ms);
}

TEST(RecordCodec, RoundTripsAndSkipsWhatItDoesNotKnow) {
  std::string bytes = encode(sample("1"));
  bytes += std::string("\xf0\x03\x00\x00\x00xyz", 8);
  const auto back = decode(bytes);
  ASSERT_TRUE(back);
  expect_same(*back, sample("1"));
}

TEST(RecordCodec, RefusesNonsense) {
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("x"));
  EXPECT_FALSE(decode(std::string("\x05\x01\x00\x00\x00x", 6)));  // No call id.
  EXPECT_FALSE(
      decode(std::string("\x01\xff\xff\xff\xff"
                         "CA1",
                         8)));  // A length beyond the end.
  const std::string bytes = encode(sample("1"));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto r = decode(bytes.substr(0, n));
    EXPECT_TRUE(!r || r->call_id.str() == "CA1") << n;
  }
}

class SingleDirectoryTest : public ::testing::Test {
 protected:
  SingleDirectoryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tandem-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/calls.journal";
  }
  ~SingleDirectoryTest() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<CallDirectory> open() { return std::move(make_single_directory(path_, Log{})).value(); }
  std::string folder_;
  std::string path_;
};

TEST_F(SingleDirectoryTest, OrphansComeBackUntilTheyAreRemoved) {
  {
    const auto d = open();
    EXPECT_TRUE(d->take_orphans().empty());
    for (const char* n : {"1", "2", "3"}) d->put(sample(n));
    auto changed = sample("1");
    changed.state = "ended";
    d->put(changed);
    d->remove(model::CallId("CA2"));
    EXPECT_TRUE(d->take_orphans().empty());  // Those of this life are no orphans.
  }
  {
    const auto d = open();
    const auto orphans = d->take_orphans();
    ASSERT_EQ(orphans.size(), 2U);
    EXPECT_EQ(orphans[0].state, "ended");
    expect_same(orphans[1], sample("3"));
    EXPECT_TRUE(d->take_orphans().empty());
    d->remove(model::CallId("CA1"));
  }
  EXPECT_EQ(open()->take_orphans().size(), 1U);
}

TEST_F(SingleDirectoryTest, SurvivesTheDeathOfTheProcess) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto made = make_single_directory(path_, Log{});
    if (!made) ::_exit(1);
    (*made)->put(sample("1"));
    (*made)->put(sample("2"));
    // The records are in the file as soon as its size shows it; then die without any clean-up.
    while (std::filesystem::file_size(path_) < 9 + 2 * (encode(sample("1")).size() + 13)) {
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(open()->take_orphans().size(), 2U);
}

TEST_F(SingleDirectoryTest, FailureToOpenIsAnError) {
  EXPECT_FALSE(make_single_directory(folder_ + "/none/x", Log{}));
}

}  // namespace
}  // namespace tandem::cluster
