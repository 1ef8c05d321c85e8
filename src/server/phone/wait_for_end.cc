#include "server/phone/wait_for_end.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace tandem::phone {

WaitForEnd::WaitForEnd() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  done_ = eventfd(0, EFD_CLOEXEC);
}

WaitForEnd::~WaitForEnd() {
  ::close(signals_);
  ::close(done_);
}

void WaitForEnd::done() {
  (void)eventfd_write(done_, 1);
}

bool WaitForEnd::wait(Function<void()> interrupted) {
  bool seen = false;
  while (true) {
    std::array<pollfd, 2> fds{{{signals_, POLLIN, 0}, {done_, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0) continue;
    if ((fds[1].revents & POLLIN) != 0) return true;
    if ((fds[0].revents & POLLIN) == 0) continue;
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) continue;
    if (seen) return false;
    seen = true;
    interrupted();
  }
}

}  // namespace tandem::phone
