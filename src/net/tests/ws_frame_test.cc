#include "net/ws_frame.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/ws_deflate.h"
#include "net/ws_handshake.h"

namespace tandem::net {
namespace {

std::string client_frame(WsOpcode opcode, std::string_view payload, bool fin = true,
                         bool compressed = false) {
  std::string out;
  append_frame(out, WsRole::client, opcode, payload, 0x12345678, compressed);
  if (!fin) out[0] = static_cast<char>(out[0] & 0x7f);
  return out;
}

/// Texts and, as numbers, codes of everything a server reads from `bytes`, `step` bytes at a time.
std::vector<std::string> read_all(const std::string& bytes, std::size_t step, WsDeflate* deflate = nullptr,
                                  std::size_t limit = 1'000) {
  WsReader reader(WsRole::server, limit, deflate);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::string_view part = std::string_view(bytes).substr(at, step);
    while (true) {
      const ws::Event event = reader.next(part);
      if (std::holds_alternative<ws::NeedMore>(event)) break;
      if (const auto* m = std::get_if<ws::Message>(&event)) out.push_back(m->text);
      if (const auto* p = std::get_if<ws::Ping>(&event)) out.push_back("ping " + p->payload);
      if (const auto* c = std::get_if<ws::Close>(&event))
        out.push_back(fmt::format("close {} {}", c->code, c->reason));
      if (const auto* b = std::get_if<ws::Broken>(&event)) {
        out.push_back(std::to_string(b->code));
        return out;
      }
    }
  }
  return out;
}

using Seen = std::vector<std::string>;

TEST(WsFrame, ReadsWholeAndByteByByte) {
  const std::string long_text(300, 'x');
  const std::string bytes = client_frame(WsOpcode::text, "hello") + client_frame(WsOpcode::text, "a", false) +
                            client_frame(WsOpcode::ping, "p") + client_frame(WsOpcode::continuation, "b") +
                            client_frame(WsOpcode::text, long_text) + client_frame(WsOpcode::text, "") +
                            client_frame(WsOpcode::close, close_payload(1000, "bye"));
  const Seen expected{"hello", "ping p", "ab", long_text, "", "close 1000 bye"};
  for (const std::size_t step : {1UL, 2UL, 7UL, 1'000UL}) EXPECT_EQ(read_all(bytes, step), expected) << step;
}

TEST(WsFrame, RefusesWhatTheRfcForbids) {
  const auto text = [](std::string_view s) { return client_frame(WsOpcode::text, s); };
  std::string unmasked;
  append_frame(unmasked, WsRole::server, WsOpcode::text, "x", 0);
  std::string reserved = text("x");
  reserved[0] = static_cast<char>(reserved[0] | 0x20);
  std::string bad_opcode = text("x");
  bad_opcode[0] = static_cast<char>(0x83);
  EXPECT_EQ(read_all(unmasked, 9), Seen{"1002"});
  EXPECT_EQ(read_all(reserved, 9), Seen{"1002"});
  EXPECT_EQ(read_all(bad_opcode, 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::continuation, "x"), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::text, "x", false) + text("y"), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::ping, "x", false), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::ping, std::string(126, 'x')), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::text, "x", true, true), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::binary, "x"), 9), Seen{"1003"});
  EXPECT_EQ(read_all(text("\xc3\x28"), 9), Seen{"1007"});
  EXPECT_EQ(read_all(text(std::string(1'001, 'x')), 9), Seen{"1009"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::close, "x"), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::close, close_payload(1006, "")), 9), Seen{"1002"});
  EXPECT_EQ(read_all(client_frame(WsOpcode::close, ""), 9), Seen{"close 1005 "});
  EXPECT_EQ(read_all(std::string("\x81\xfe\x00\x05", 4) + "mask12345", 9), Seen{"1002"});
  EXPECT_EQ(read_all(std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10) + "mask", 14), Seen{"1002"});
}

TEST(WsFrame, BoundsMessagesAndFragments) {
  std::string grows = client_frame(WsOpcode::text, std::string(600, 'x'), false) +
                      client_frame(WsOpcode::continuation, std::string(600, 'x'));
  EXPECT_EQ(read_all(grows, 50), Seen{"1009"});
  std::string tiny = client_frame(WsOpcode::text, "", false);
  for (int i = 0; i < 2'000; ++i) tiny += client_frame(WsOpcode::continuation, "", false);
  EXPECT_EQ(read_all(tiny, 100), Seen{"1008"});
}

TEST(WsFrame, Utf8) {
  EXPECT_TRUE(is_utf8("plain ascii, long enough for the fast path"));
  EXPECT_TRUE(is_utf8("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf"));
  for (const auto* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "12345678\xc3"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(WsFrame, CloseReasonIsCutBetweenCharacters) {
  std::string reason(122, 'x');
  reason += "\xe2\x82\xac";
  EXPECT_EQ(close_payload(1000, reason).size(), 2U + 122U);
  EXPECT_EQ(close_payload(1005, "x"), "");
}

TEST(WsDeflate, RoundTripsAndBounds) {
  WsDeflate deflate;
  for (const std::size_t size : {0UL, 1UL, 300UL, 70'000UL, 1'000'000UL}) {
    std::string text;
    while (text.size() < size) text += "{\"n\":" + std::to_string(text.size() * 7919) + "}";
    text.resize(size);
    for (const int bits : {9, 15}) {
      const std::string packed = deflate.deflate(text, bits);
      std::string out;
      ASSERT_EQ(deflate.inflate(packed, size, out), WsDeflate::Inflated::ok) << size;
      EXPECT_EQ(out, text);
    }
  }
  const std::string bomb = deflate.deflate(std::string(10'000'000, 'x'), 15);
  ASSERT_LT(bomb.size(), 65'536U);
  std::string out;
  EXPECT_EQ(deflate.inflate(bomb, 65'536, out), WsDeflate::Inflated::too_large);
  EXPECT_LE(out.size(), 65'536U);
  out.clear();
  EXPECT_EQ(deflate.inflate("\x07\xff\xff garbage", 65'536, out), WsDeflate::Inflated::corrupt);
}

TEST(WsDeflate, ReadsTheExamplesOfTheRfc) {  // RFC 7692 section 7.2.3.
  WsDeflate deflate;
  std::string out;
  EXPECT_EQ(deflate.inflate(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), 100, out),
            WsDeflate::Inflated::ok);
  EXPECT_EQ(out, "Hello");
  out.clear();
  EXPECT_EQ(deflate.inflate(std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11), 100, out),
            WsDeflate::Inflated::ok);
  EXPECT_EQ(out, "Hello");
  out.clear();
  EXPECT_EQ(deflate.inflate(std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8), 100, out),
            WsDeflate::Inflated::ok);
  EXPECT_EQ(out, "Hello");
}

TEST(WsFrame, CompressedMessagesInFragments) {
  WsDeflate deflate;
  const std::string text(900, 'y');
  const std::string packed = deflate.deflate(text, 15);
  const std::string bytes =
      client_frame(WsOpcode::text, packed.substr(0, 3), false, true) +
      client_frame(WsOpcode::continuation, packed.substr(3)) +
      client_frame(WsOpcode::text, deflate.deflate(std::string(1'001, 'y'), 15), true, true);
  EXPECT_EQ(read_all(bytes, 5, &deflate), (Seen{text, "1009"}));
}

TEST(WsHandshake, AcceptKeyOfTheRfc) {
  EXPECT_EQ(ws_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_TRUE(is_ws_key(make_ws_key()));
  EXPECT_FALSE(is_ws_key("dGhlIHNhbXBsZSBub25jZQ="));
}

TEST(WsHandshake, NegotiatesDeflate) {
  const auto answer = [](const std::string& offer) {
    const auto a = answer_deflate({{"sec-websocket-extensions", offer}});
    return a ? a->agreement.our_window_bits : 0;
  };
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits"), 15);
  EXPECT_EQ(answer("x-other, permessage-deflate; server_max_window_bits=10"), 10);
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=8, permessage-deflate"), 15);
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=16"), 0);
  EXPECT_EQ(answer("permessage-deflate; unknown"), 0);
  const auto read = [](const std::string& value, bool offered) {
    return read_deflate_answer({{"Sec-WebSocket-Extensions", value}}, offered);
  };
  EXPECT_EQ(read(std::string(kDeflateOffer), true), ClientDeflate::on);
  EXPECT_EQ(read(std::string(kDeflateOffer), false), ClientDeflate::violation);
  EXPECT_EQ(read("permessage-deflate", true), ClientDeflate::violation);
  EXPECT_EQ(read_deflate_answer({}, true), ClientDeflate::off);
}

}  // namespace
}  // namespace tandem::net
