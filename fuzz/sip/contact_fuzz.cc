// The parameters of REGISTER's Contact, one a line. Whatever comes out must be sent back in one piece.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "sip/access/contact_params.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> params;
  while (!text.empty()) {
    params.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), params.back().size() + 1));
  }
  const auto contact = tandem::sip::read_contact("sip:a@192.0.2.1", params);
  if (!contact) return 0;
  const std::string out = tandem::sip::contact_text(*contact);
  if (out.find_first_of("\r\n") != std::string::npos || contact->q_milli > 1000) std::abort();
  return 0;
}
