// tandem: one program, its subcommands.

#include <cstdio>
#include <string_view>

#include "server/admin/admin.h"
#include "server/check/check.h"
#include "server/phone/run_phone.h"
#include "server/serve.h"

namespace {

constexpr const char* kUsage =
    "tandem: a self-hosted CPaaS for voice\n"
    "\n"
    "  tandem serve   run a node\n"
    "  tandem phone   dial or answer a call from the terminal\n"
    "  tandem load    many such phones, for benchmarks\n"
    "  tandem admin   provision accounts, applications, numbers, domains, trunks; show CDRs\n"
    "  tandem check   what is wrong with the settings or this machine; --capabilities, --settings\n"
    "\n"
    "Each has --help.\n";

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "serve") return tandem::server::run_serve(argc - 1, argv + 1);
  if (command == "phone") return tandem::phone::run_phone(argc - 1, argv + 1);
  if (command == "load") return tandem::phone::run_load(argc - 1, argv + 1);
  if (command == "admin") return tandem::server::run_admin(argc - 1, argv + 1);
  if (command == "check") return tandem::server::run_check(argc - 1, argv + 1);
  const bool asked = command == "--help" || command == "help";
  std::fputs(kUsage, asked ? stdout : stderr);
  return asked ? 0 : 3;
}
