// A stream's two bound sockets, RTP and RTCP.
#pragma once

#include <cstdint>
#include <utility>

#include "media/engine/port_pool.h"
#include "media/engine/udp_socket.h"

namespace tandem::media {

/// The ports go back to the pool when the sockets are closed.
struct PortPair {
  UdpSocket rtp;
  UdpSocket rtcp;
  PortPool* pool = nullptr;  ///< Null: not from a pool.
  std::uint16_t pool_port = 0;
  bool waited = false;  ///< Bound for a while before anybody was told of it: what it holds is a stranger's.

  PortPair(UdpSocket rtp_socket, UdpSocket rtcp_socket, PortPool* from, std::uint16_t port)
      : rtp(std::move(rtp_socket)), rtcp(std::move(rtcp_socket)), pool(from), pool_port(port) {}
  PortPair(const PortPair&) = delete;
  PortPair& operator=(const PortPair&) = delete;
  ~PortPair() {
    rtp = UdpSocket();
    rtcp = UdpSocket();
    if (pool != nullptr) pool->give_back(pool_port);
  }
};

}  // namespace tandem::media
