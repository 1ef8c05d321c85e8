#include "net/ws_deflate.h"

#include <algorithm>
#include <array>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

namespace tandem::net {
namespace zlib = boost::beast::zlib;

namespace {
// RFC 7692 section 7.2.2: the sender cut these four bytes off.
constexpr std::array<unsigned char, 4> kTail{0, 0, 0xff, 0xff};
}  // namespace

struct WsDeflate::Streams {
  zlib::inflate_stream inflate;
  zlib::deflate_stream deflate;
};

WsDeflate::WsDeflate() = default;
WsDeflate::~WsDeflate() = default;

WsDeflate::Inflated WsDeflate::inflate(std::string_view message, std::size_t limit, std::string& out) {
  if (!streams_) streams_ = std::make_unique<Streams>();
  zlib::inflate_stream& stream = streams_->inflate;
  stream.reset(15);
  std::array<char, 8'192> block;
  zlib::z_params z;
  bool in_tail = false;
  z.next_in = message.data();
  z.avail_in = message.size();
  while (true) {
    z.next_out = block.data();
    z.avail_out = block.size();
    boost::system::error_code error;
    stream.write(z, zlib::Flush::sync, error);
    const std::size_t made = block.size() - z.avail_out;
    if (out.size() + made > limit) return Inflated::too_large;
    out.append(block.data(), made);
    if (error == zlib::error::end_of_stream)
      return Inflated::ok;  // A final block ends the message (7.2.3.4).
    if (error && error != zlib::error::need_buffers) return Inflated::corrupt;
    if (made == block.size()) continue;
    if (z.avail_in != 0) return Inflated::corrupt;  // Neither input taken nor output made: no progress.
    if (in_tail) return Inflated::ok;
    in_tail = true;
    z.next_in = kTail.data();
    z.avail_in = kTail.size();
  }
}

std::string WsDeflate::deflate(std::string_view message, int window_bits) {
  if (!streams_) streams_ = std::make_unique<Streams>();
  zlib::deflate_stream& stream = streams_->deflate;
  stream.reset(6, window_bits, 4, zlib::Strategy::normal);
  std::string out(stream.upper_bound(message.size()) + 64, '\0');
  zlib::z_params z;
  z.next_in = message.data();
  z.avail_in = message.size();
  std::size_t size = 0;
  while (true) {
    z.next_out = out.data() + size;
    z.avail_out = out.size() - size;
    boost::system::error_code error;
    stream.write(z, zlib::Flush::full, error);
    size = out.size() - z.avail_out;
    if (z.avail_out != 0) break;
    out.resize(out.size() * 2);
  }
  out.resize(size);
  // A full flush ends in an empty stored block, whose last four bytes are not sent.
  if (out.ends_with(std::string_view("\0\0\xff\xff", 4))) out.resize(size - 4);
  return out;
}

}  // namespace tandem::net
