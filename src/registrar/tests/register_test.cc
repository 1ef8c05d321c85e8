// REGISTER on the wire: phones that behave, and those that do not.
#include "registrar/tests/office.h"

namespace tandem::registrar::testing {
namespace {

using sip::Transport;
using sip::testing::header;
using sip::testing::RawPeer;

class RegisterTest : public ::testing::Test {
 protected:
  RegisterTest() { words_.via = "SIP/2.0/UDP " + phone_.host_port(); }

  std::string send(const std::string& extra) {
    words_.extra = extra;
    ++words_.cseq;
    phone_.send(text_of(words_));
    return phone_.receive();
  }
  /// With a fresh challenge.
  std::string put(const std::string& extra, const std::string& algorithm = "") {
    const std::string challenge = send("");
    return send(proof(challenge, words_.user, "pass", "REGISTER", 1, algorithm) + extra);
  }
  [[nodiscard]] std::string contact(const std::string& params = "") const {
    return "Contact: <sip:alice@" + phone_.host_port() + ">" + params + "\r\n";
  }
  static std::string status(const std::string& message) { return message.substr(8, 3); }

  Office office_;
  RawPeer phone_{office_.address()};
  Words words_;
};

TEST_F(RegisterTest, ByBothAlgorithms) {
  const std::string challenge = send(contact());
  EXPECT_EQ(status(challenge), "401");
  EXPECT_LT(challenge.find("algorithm=SHA-256"), challenge.find("algorithm=MD5"));
  for (const std::string algorithm : {"SHA-256", "MD5"}) {
    const std::string ok = put(contact(";expires=600"), algorithm);
    EXPECT_EQ(status(ok), "200") << ok;
    EXPECT_EQ(header(ok, "Contact"), "<sip:alice@" + phone_.host_port() + ">;expires=600");
  }
  EXPECT_EQ(office_.events().next(), "alice registered 1");
  const auto endpoint = office_.endpoint("alice");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->account_id.str(), "AC1");
  EXPECT_EQ(endpoint->contacts[0].source, phone_.address());
  EXPECT_EQ(office_.events().next(50ms), "nothing") << "a refresh is no event";
}

TEST_F(RegisterTest, WrongPasswordAndUnknownUserGetTheSame) {
  const auto answer_for = [&](const std::string& user) {
    words_.user = user;
    const std::string challenge = send(contact());
    std::string refusal = send(proof(challenge, user, "guess") + contact());
    for (const std::string name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
      const std::size_t at = refusal.find("\r\n" + name + ": ");
      refusal.erase(at, refusal.find("\r\n", at + 2) - at);
    }
    for (std::size_t at = refusal.find("nonce=\""); at != std::string::npos;
         at = refusal.find("nonce=\"", at + 1))
      refusal.erase(at + 7, refusal.find('"', at + 7) - at - 7);
    return refusal;
  };
  const std::string wrong = answer_for("alice");
  EXPECT_EQ(status(wrong), "401");
  EXPECT_EQ(wrong.find("stale"), std::string::npos);
  EXPECT_EQ(answer_for("zoe"), wrong);
  words_.user = "alice";
  words_.domain = "elsewhere.example";
  EXPECT_EQ(status(send(contact())), "403") << "not a domain of ours";
}

TEST_F(RegisterTest, ReplayedNonceCountIsStale) {
  const std::string challenge = send("");
  EXPECT_EQ(status(send(proof(challenge, "alice", "pass") + contact())), "200");
  const std::string replayed = send(proof(challenge, "alice", "pass") + contact());
  EXPECT_EQ(status(replayed), "401");
  EXPECT_NE(replayed.find("stale=true"), std::string::npos);
  EXPECT_EQ(status(send(proof(challenge, "alice", "pass", "REGISTER", 2) + contact())), "200");
}

TEST_F(RegisterTest, OthersNamesAreRefused) {
  words_.user = "bob";
  const std::string challenge = send("");
  EXPECT_EQ(status(send(proof(challenge, "alice", "pass") + contact())), "403");
  EXPECT_FALSE(office_.endpoint("bob"));
}

TEST_F(RegisterTest, TwoContactsFetchAndWildcard) {
  const std::string two = "Contact: <sip:desk@10.0.0.1>;q=0.3, <sip:cell@10.0.0.2>;q=0.9;expires=100\r\n";
  EXPECT_EQ(status(put(two)), "200");
  EXPECT_EQ(office_.events().next(), "alice registered 2");
  EXPECT_EQ(office_.events().next(), "alice registered 2");
  const std::string fetched = put("");
  EXPECT_NE(fetched.find("<sip:cell@10.0.0.2>;q=0.9;expires="), std::string::npos) << fetched;
  EXPECT_LT(fetched.find("sip:cell"), fetched.find("sip:desk"));
  EXPECT_EQ(status(put("Contact: *\r\n")), "400");
  EXPECT_EQ(status(put("Contact: *\r\nExpires: 10\r\n")), "400");
  const std::string gone = put("Contact: *\r\nExpires: 0\r\n");
  EXPECT_EQ(status(gone), "200");
  EXPECT_EQ(header(gone, "Contact"), "");
  EXPECT_EQ(office_.events().next(), "alice unregistered removed 0");
}

TEST_F(RegisterTest, TooBriefAndTooLong) {
  const std::string brief = put(contact(";expires=5"));
  EXPECT_EQ(status(brief), "423");
  EXPECT_EQ(header(brief, "Min-Expires"), "60");
  EXPECT_NE(put(contact() + "Expires: 999999\r\n").find("expires=7200"), std::string::npos);
  EXPECT_EQ(put(contact() + "Expires: nonsense\r\n").substr(0, 30), "SIP/2.0 400 Bad Expires Header");
  EXPECT_NE(put(contact(";expires=nonsense")).find("expires=3600"), std::string::npos);
}

TEST_F(RegisterTest, NonsenseIsRefusedByName) {
  EXPECT_EQ(status(put("Contact: <sip:a@10.0.0.1>;q=7\r\n")), "400");
  EXPECT_EQ(status(put("Contact: <tel:+15550100>\r\n")), "400");
  EXPECT_EQ(status(put("Contact: <sip:a@10.0.0.1\r\n")), "400");
  EXPECT_EQ(status(put("Contact: <sip:a@10.0.0.1>;+sip.instance=\"a\\\"b\"\r\n")), "400");
  const std::string unsupported = put(contact() + "Require: gruu, path\r\n");
  EXPECT_EQ(status(unsupported), "420");
  EXPECT_EQ(header(unsupported, "Unsupported"), "gruu");
  std::string many = "Contact: <sip:a@10.0.0.1>";
  for (int i = 0; i < 20; ++i) many += ",<sip:a" + std::to_string(i) + "@10.0.0.1>";
  EXPECT_EQ(status(put(many + "\r\n")), "403");
  EXPECT_EQ(status(send(std::string("Authorization: Digest username=\"alice\"\r\n") + contact())), "401");
  EXPECT_EQ(office_.events().next(50ms), "nothing");
}

TEST_F(RegisterTest, InstancePathAndOutbound) {
  const std::string instance = ";+sip.instance=\"<urn:uuid:1>\";reg-id=1";
  const std::string path = "Path: <sip:edge.example;lr>\r\nSupported: path, outbound\r\n";
  const std::string ok = put("Contact: <sip:alice@10.0.0.1>" + instance + "\r\n" + path);
  EXPECT_EQ(status(ok), "200");
  EXPECT_EQ(header(ok, "Path"), "<sip:edge.example;lr>");
  EXPECT_EQ(header(ok, "Require"), "outbound");
  EXPECT_NE(ok.find("+sip.instance=\"<urn:uuid:1>\";reg-id=1"), std::string::npos);
  EXPECT_EQ(office_.endpoint("alice")->contacts[0].path, std::vector<std::string>{"sip:edge.example;lr"});
  words_.call_id = "after-reboot";
  words_.cseq = 1;
  EXPECT_EQ(status(put("Contact: <sip:alice@10.0.0.2>" + instance + "\r\n")), "200");
  EXPECT_EQ(office_.events().next(), "alice registered 1");
  EXPECT_EQ(office_.events().next(), "alice unregistered replaced 1");
  EXPECT_EQ(office_.events().next(), "alice registered 1");
}

TEST_F(RegisterTest, KeepAlivesOfUdpAreBorne) {
  EXPECT_EQ(status(put(contact())), "200");
  for (int i = 0; i < 10; ++i) phone_.send("\r\n\r\n");
  EXPECT_EQ(status(put(contact())), "200");
}

TEST_F(RegisterTest, GuessingIsHeldUpAndThenNotAnswered) {
  int refused = 0;
  int challenged = 0;
  std::string last = "x";
  for (int i = 0; i < 60 && !last.empty(); ++i) {
    words_.user = "user" + std::to_string(i);
    words_.extra.clear();
    ++words_.cseq;
    phone_.send(text_of(words_));
    const std::string challenge = phone_.receive(300ms);
    if (challenge.empty()) break;
    if (status(challenge) == "403") {
      ++refused;
      continue;
    }
    words_.extra = proof(challenge, words_.user, "guess") + contact();
    ++words_.cseq;
    phone_.send(text_of(words_));
    last = phone_.receive(300ms);
    ++challenged;
  }
  EXPECT_EQ(challenged, 31);
  EXPECT_EQ(refused, 20);
}

TEST(Register, ControlThatIsLateAndFull) {
  class Silent final : public sip::RegisterHandler {
   public:
    void on_register(sip::RegisterRequest) override {}
    void on_flow_closed(Transport, model::SocketAddress) override {}
  } silent;
  SystemClock clock;
  Metrics metrics;
  sip::testing::Recorder calls;
  Users users;
  runtime::Loop loop("observer", clock);
  auto agent = sip::make_agent(sip::testing::udp_options(), calls, loop, clock, Log{}, metrics);
  ASSERT_TRUE(agent);
  const RawPeer phone((*agent)->listening()[0].address);
  Words words;
  words.via = "SIP/2.0/UDP " + phone.host_port();
  phone.send(text_of(words));
  EXPECT_NE(phone.receive().find("SIP/2.0 403"), std::string::npos) << "no registrar yet";
  sip::AccessPolicy policy;
  policy.register_deadline = 100ms;
  policy.max_pending_registers = 1;
  (*agent)->serve_registrar(users, silent, policy);
  const auto ask = [&](const std::string& call_id) {
    words.call_id = call_id;
    words.extra.clear();
    ++words.cseq;
    phone.send(text_of(words));
    const std::string challenge = phone.receive_with("SIP/2.0 401");
    words.extra = proof(challenge, "alice", "pass") + "Contact: <sip:a@127.0.0.1>\r\n";
    ++words.cseq;
    phone.send(text_of(words));
  };
  ask("one");
  ask("two");
  const std::string full = phone.receive_with("SIP/2.0 503");
  EXPECT_NE(header(full, "Retry-After"), "");
  EXPECT_NE(phone.receive_with("SIP/2.0 504"), "");
}

}  // namespace
}  // namespace tandem::registrar::testing
