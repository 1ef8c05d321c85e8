// The other addresses of a name (RFC 3263 4.3), for a target that answered 503. SIP thread only.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "base/function.h"
#include "sip/api/agent.h"
#include "sip/sofia/sofia_api.h"

namespace tandem::sip {

class NextTarget {
 public:
  /// `resolver_config` empty: the system's.
  NextTarget(su_root_t* root, std::string resolver_config);
  NextTarget(const NextTarget&) = delete;
  NextTarget& operator=(const NextTarget&) = delete;
  /// Searches that still run find nothing more; they are not called back.
  ~NextTarget();

  /// False: `uri` names one address only (a literal, or a host with a port).
  [[nodiscard]] static bool possible(const std::string& uri);
  /// Calls `found` with the first SRV target of `uri`'s host whose address is not in `tried` (as
  /// SocketAddress::str()), as a URI with transport; or with an empty text.
  void find(const std::string& uri, Transport transport, std::vector<std::string> tried,
            Function<void(std::string)> found);

 private:
  struct Search;
  static void on_servers(sres_context_t* context, sres_query_t* query, sres_record_t** answers) noexcept;
  static void on_address(sres_context_t* context, sres_query_t* query, sres_record_t** answers) noexcept;
  void ask(Search& search);
  void finish(Search& search, std::string uri);

  su_root_t* root_;
  std::string config_;
  sres_resolver_t* resolver_ = nullptr;
  std::list<std::unique_ptr<Search>> searches_;
};

}  // namespace tandem::sip
