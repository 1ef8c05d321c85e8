#include "sip/dialog/dialog.h"

namespace tandem::sip::dialog {
namespace {

// A route is loose when its URI carries the lr parameter: after the host, before any headers part.
bool is_loose(std::string_view uri) {
  const std::string_view params = uri.substr(0, uri.find('?'));
  for (std::size_t at = params.find(";lr"); at != std::string_view::npos; at = params.find(";lr", at + 1)) {
    const std::size_t end = at + 3;
    if (end == params.size() || params[end] == ';' || params[end] == '=') return true;
  }
  return false;
}

}  // namespace

CseqCheck check_remote_cseq(Dialog& dialog, std::uint32_t cseq) {
  if (dialog.remote_cseq) {
    if (cseq < *dialog.remote_cseq) return CseqCheck::out_of_order;
    if (cseq == *dialog.remote_cseq) return CseqCheck::merged;
  }
  dialog.remote_cseq = cseq;
  return CseqCheck::fresh;
}

Routing route_request(const Dialog& dialog) {
  Routing out{dialog.remote_target, dialog.route_set};
  if (!out.routes.empty() && !is_loose(out.routes.front())) {
    out.request_uri = out.routes.front();
    out.routes.erase(out.routes.begin());
    out.routes.push_back(dialog.remote_target);
  }
  return out;
}

std::string request_headers(const Dialog& dialog, std::string_view method, std::uint32_t cseq,
                            const std::vector<std::string>& routes, std::string_view contact) {
  std::string out;
  out.reserve(512);
  for (const auto& route : routes) out.append("Route: <").append(route).append(">\r\n");
  out.append("From: ").append(dialog.local_party).append(";tag=").append(dialog.local_tag).append("\r\nTo: ");
  out.append(dialog.remote_party);
  if (!dialog.remote_tag.empty()) out.append(";tag=").append(dialog.remote_tag);
  out.append("\r\nCall-ID: ").append(dialog.call_id);
  out.append("\r\nCSeq: ").append(std::to_string(cseq)).append(" ").append(method);
  out.append("\r\nMax-Forwards: 70\r\n");
  if (!contact.empty()) out.append("Contact: <").append(contact).append(">\r\n");
  return out;
}

std::string name_addr(std::string_view uri, std::string_view display_name) {
  std::string out;
  if (!display_name.empty()) {
    out.push_back('"');
    for (const char c : display_name) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.append("\" ");
  }
  return out.append("<").append(uri).append(">");
}

}  // namespace tandem::sip::dialog
