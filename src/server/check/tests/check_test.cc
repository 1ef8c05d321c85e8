#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "server/check/check.h"
#include "server/check/environment.h"

namespace tandem::server {
namespace {

using ::testing::HasSubstr;

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() {
    std::string name = (std::filesystem::temp_directory_path() / "tandem-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    settings_.data_dir = folder_ + "/data";
    settings_.http.listen.port = 0;
    for (auto& l : settings_.sip.listen) l.address.port = 0;
  }
  ~CheckTest() override { std::filesystem::remove_all(folder_); }
  std::string failures() {
    std::string text;
    for (const auto& f : check_environment(settings_)) {
      if (f.grade == Finding::Grade::failure) text += f.what + ": " + f.detail + "\n";
    }
    return text;
  }
  std::pair<int, std::string> run(std::vector<std::string> args) {
    args.insert(args.begin(), "check");
    std::vector<char*> argv;
    for (auto& a : args) argv.push_back(a.data());
    testing::internal::CaptureStdout();
    const int code = run_check(static_cast<int>(argv.size()), argv.data());
    return {code, testing::internal::GetCapturedStdout()};
  }
  std::string folder_;
  Settings settings_;
};

TEST_F(CheckTest, AFreshMachineIsFine) {
  EXPECT_EQ(failures(), "");
  EXPECT_TRUE(std::filesystem::is_directory(settings_.data_dir));
  EXPECT_TRUE(std::filesystem::is_empty(settings_.data_dir));  // Looking made no database.
}

TEST_F(CheckTest, PortsInUseAndForeignAddresses) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET, a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
  socklen_t size = sizeof a;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
  settings_.sip.listen[0].address.port = ntohs(a.sin_port);
  settings_.media.addresses = {*model::IpAddress::parse("192.0.2.77")};
  const std::string text = failures();
  ::close(fd);
  EXPECT_THAT(text,
              HasSubstr("sip.listen udp:127.0.0.1:" + std::to_string(ntohs(a.sin_port)) + ": is in use"));
  EXPECT_THAT(text, HasSubstr("media.addresses 192.0.2.77: this machine has no such address"));
}

TEST_F(CheckTest, MissingFilesAndDamagedDatabase) {
  settings_.sip.tls_key = folder_ + "/none.pem";
  settings_.media.prompt_folder = folder_ + "/none";
  std::filesystem::create_directories(settings_.data_dir);
  std::ofstream(settings_.data_dir + "/tandem.db") << "this is no database";
  const std::string text = failures();
  EXPECT_THAT(text, HasSubstr("sip.tls_key: " + folder_ + "/none.pem"));
  EXPECT_THAT(text, HasSubstr("media.prompt_folder"));
  EXPECT_THAT(text, HasSubstr("store.url: corrupt"));
}

TEST_F(CheckTest, CommandLine) {
  const std::string file = folder_ + "/t.toml";
  std::ofstream(file) << "[sip]\nlisten_udp = 1\n";
  auto [code, text] = run({"--config", file});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(text,
              HasSubstr(file + ":2: sip.listen_udp: there is no such setting; did you mean sip.listen?"));
  std::tie(code, text) = run({"--capabilities"});
  EXPECT_EQ(code, 0);
  EXPECT_THAT(text, HasSubstr("call.answer\n"));
  std::tie(code, text) = run({"--settings"});
  EXPECT_THAT(text, HasSubstr("sip.listen = "));
  std::ofstream(file) << "data_dir = \"x\"\n";
  EXPECT_EQ(run({"--config", file, "--settings-only"}).first, 0);
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"--nonsense"}).first, 2);
  EXPECT_EQ(run({"--settings", "--capabilities"}).first, 2);
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace tandem::server
