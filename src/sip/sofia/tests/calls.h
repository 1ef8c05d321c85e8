// Calls that stand: between two agents, and between an agent and a raw peer on either side.
#pragma once

#include "sip/sofia/tests/harness.h"

namespace tandem::sip::testing {

/// Two agents, and a call between them once connect() was called.
struct Pair {
  explicit Pair(Timing timing = {}, const std::function<void(AgentOptions&)>& change = {})
      : a(changed(change), timing), b(changed(change), timing) {}
  static AgentOptions changed(const std::function<void(AgentOptions&)>& change) {
    AgentOptions o = udp_options();
    if (change) change(o);
    return o;
  }
  void connect() {
    out = a.call(b.uri(), sdp(4000));
    in = b.seen().next<IncomingCall>().first;
    b.agent().answer(in, sdp(5000), {});
    a.seen().next<Answered>();
    b.seen().next<Acknowledged>();
  }
  Side a;
  Side b;
  CallId out;
  CallId in;
};

/// A raw caller with a standing call.
struct RawCall {
  explicit RawCall(Side& side, RawInvite i = {}) : peer(side.address()), invite(std::move(i)) {
    peer.send(invite_text(peer, invite));
    id = side.seen().next<IncomingCall>().first;
    side.agent().answer(id, sdp(5000), {});
    ok = peer.receive_with("SIP/2.0 200");
    tag = to_tag(ok);
    peer.send(dialog_request(peer, "ACK", invite, tag, invite.cseq));
    side.seen().next<Acknowledged>();
  }
  RawPeer peer;
  RawInvite invite;
  CallId id;
  std::string ok;
  std::string tag;
};

/// The server side of a call that a raw peer plays: what it sends is put together from the INVITE.
[[nodiscard]] inline std::string response(const RawPeer& peer, const std::string& invite,
                                          const std::string& status, const std::string& tag,
                                          const std::string& extra = "", const std::string& body = "") {
  return "SIP/2.0 " + status + "\r\nVia: " + header(invite, "Via") + "\r\nFrom: " + header(invite, "From") +
         "\r\nTo: " + header(invite, "To") + (tag.empty() ? "" : ";tag=" + tag) +
         "\r\nCall-ID: " + header(invite, "Call-ID") + "\r\nCSeq: " + header(invite, "CSeq") +
         "\r\nContact: <sip:raw@" + peer.host_port() + ">\r\n" + extra +
         (body.empty() ? "" : "Content-Type: application/sdp\r\n") +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A raw callee with a standing call that `side` dialled.
struct RawCallee {
  explicit RawCallee(Side& side, const std::function<void(OutboundCall&)>& change = {}) {
    id = side.call("sip:raw@" + peer.host_port(), sdp(4000), change);
    invite = peer.receive_with("INVITE ");
    peer.send(response(peer, invite, "200 OK", "callee", "Allow: INVITE, UPDATE\r\n", RawInvite{}.body));
    side.seen().next<Answered>();
    ack = peer.receive_with("ACK ");
  }
  /// A request of the callee within the dialog.
  void request(const std::string& method, int cseq, const std::string& extra = "",
               const std::string& body = "") const {
    const std::string from = header(invite, "From");
    peer.send(method + " sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP " + peer.host_port() +
              ";branch=z9hG4bK" + method + std::to_string(cseq) + "\r\nFrom: " + header(invite, "To") +
              ";tag=callee\r\nTo: " + from + "\r\nCall-ID: " + header(invite, "Call-ID") +
              "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\nMax-Forwards: 70\r\n" + extra +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  RawPeer peer{{}};
  CallId id;
  std::string invite;
  std::string ack;
};

}  // namespace tandem::sip::testing
