#include "sip/sdp/multipart.h"

#include <gtest/gtest.h>

#include <string>

namespace tandem::sip {
namespace {

constexpr const char* kSdp = "application/sdp";

std::string part(const std::string& type, const std::string& body, const std::string& more = "") {
  return "--b1\r\nContent-Type: " + type + "\r\n" + more + "\r\n" + body + "\r\n";
}

TEST(Multipart, FindsTheSessionDescription) {
  const std::string body = "a preamble with --b1 in it\r\n" + part("application/isup", "\x01\x02") +
                           part("Application/SDP; charset=utf-8", "v=0\r\n") + "--b1--\r\nepilogue";
  for (const char* type : {"multipart/mixed;boundary=b1", "multipart/mixed; boundary=\"b1\"",
                           "Multipart/Alternative ; x=\"a;boundary=no\"; Boundary = b1 ; y=z"}) {
    const auto found = find_part(type, body, kSdp);
    ASSERT_TRUE(found.has_value()) << type;
    EXPECT_EQ(*found, "v=0\r\n");
  }
}

TEST(Multipart, BareLineFeedsAndCompactNames) {
  EXPECT_EQ(find_part("multipart/mixed;boundary=x", "--x\nc: application/sdp\n\nv=0\n--x--", kSdp), "v=0");
}

TEST(Multipart, LooksIntoNestedOnes) {
  const std::string inner = "--in\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--in--\r\n";
  const std::string body =
      part("text/plain", "hello") + part("multipart/alternative;boundary=in", inner) + "--b1--";
  EXPECT_EQ(find_part("multipart/mixed;boundary=b1", body, kSdp), "v=0");
}

TEST(Multipart, NothingWhereThereIsNone) {
  const std::string good = part(kSdp, "v=0") + "--b1--";
  EXPECT_FALSE(find_part("multipart/mixed", good, kSdp));
  EXPECT_FALSE(find_part("multipart/mixed;boundary=", good, kSdp));
  EXPECT_FALSE(find_part("multipart/mixed;boundary=other", good, kSdp));
  EXPECT_FALSE(find_part("multipart/signed;boundary=b1", good, kSdp));
  EXPECT_FALSE(find_part("application/sdp", good, kSdp));
  EXPECT_FALSE(find_part("multipart/mixed;boundary=" + std::string(80, 'b'), good, kSdp));
  EXPECT_FALSE(find_part("multipart/mixed;boundary=b1", part(kSdp, "v=0"), kSdp)) << "cut off";
  EXPECT_FALSE(find_part("multipart/mixed;boundary=b1",
                         part(kSdp, "djA=", "Content-Transfer-Encoding: base64\r\n") + "--b1--", kSdp));
  EXPECT_FALSE(find_part("multipart/mixed;boundary=b1", "", kSdp));
}

TEST(Multipart, BoundedInPartsAndDepth) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += part("text/plain", "x");
  EXPECT_FALSE(find_part("multipart/mixed;boundary=b1", many + part(kSdp, "v=0") + "--b1--", kSdp));
  std::string deep = "--d\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--d--\r\n";
  for (int i = 0; i < 4; ++i) {
    const std::string boundary = "n" + std::to_string(i);
    const std::string inner = i == 0 ? "d" : "n" + std::to_string(i - 1);
    deep = "--" + boundary + "\r\nContent-Type: multipart/mixed;boundary=" + inner + "\r\n\r\n" + deep +
           "\r\n--" + boundary + "--\r\n";
  }
  EXPECT_FALSE(find_part("multipart/mixed;boundary=n3", deep, kSdp));
}

}  // namespace
}  // namespace tandem::sip
