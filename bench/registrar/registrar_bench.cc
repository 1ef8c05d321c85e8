// A registration storm: 10,000 phones log in (challenge, proof, binding) one after the other over UDP. Prints
// what one costs the server in CPU time, and memory before and after. The phones' own work is not counted.
#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include "registrar/tests/office.h"

namespace {

using tandem::registrar::testing::Office;
using tandem::registrar::testing::proof;
using tandem::registrar::testing::text_of;
using tandem::registrar::testing::Words;

constexpr int kPhones = 10'000;

double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

int main() {
  Office office;
  for (int i = 0; i < kPhones; ++i) office.users().add("acme.example", fmt::format("u{}", i), "pass");
  const tandem::sip::testing::RawPeer phone(office.address());
  const double memory = resident_mb();
  const double process = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const double own = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  const double wall = seconds_of(CLOCK_MONOTONIC);
  int good = 0;
  for (int i = 0; i < kPhones; ++i) {
    Words words;
    words.user = fmt::format("u{}", i);
    words.call_id = words.user;
    words.via = "SIP/2.0/UDP " + phone.host_port();
    phone.send(text_of(words));
    const std::string challenge = phone.receive();
    words.extra = proof(challenge, words.user, "pass") +
                  fmt::format("Contact: <sip:{}@{}>;expires=3600\r\n", words.user, phone.host_port());
    ++words.cseq;
    phone.send(text_of(words));
    good += phone.receive().starts_with("SIP/2.0 200") ? 1 : 0;
  }
  const double took = seconds_of(CLOCK_MONOTONIC) - wall;
  const double cpu =
      seconds_of(CLOCK_PROCESS_CPUTIME_ID) - process - (seconds_of(CLOCK_THREAD_CPUTIME_ID) - own);
  fmt::print("{} of {} registered in {:.1f} s ({:.0f} a second)\n", good, kPhones, took, kPhones / took);
  fmt::print("server CPU {:.0f} us each; memory {:.1f} -> {:.1f} MB ({:.1f} KB each)\n", cpu * 1e6 / kPhones,
             memory, resident_mb(), (resident_mb() - memory) * 1e3 / kPhones);
  return good == kPhones ? 0 : 1;
}
