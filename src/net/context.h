// Context: one net thread with its io_context, its inbox for other threads and the connections that live on
// it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/function.h"
#include "base/log.h"
#include "net/ws_deflate.h"
#include "runtime/doorbell.h"
#include "runtime/executor.h"
#include "runtime/timer_queue.h"

namespace tandem::net {

namespace asio = boost::asio;
using boost::system::error_code;
using IoExecutor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, IoExecutor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, IoExecutor>;
using SteadyTimer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                               asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;

/// Something that lives on a context's thread and is shut with its owner or the pool.
class Member {
 public:
  explicit Member(const void* owner) : owner_(owner) {}
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  virtual ~Member() = default;
  /// Ends it: callbacks that are still due are made now, sockets and timers closed. Net thread.
  virtual void shut() = 0;
  [[nodiscard]] const void* owner() const { return owner_; }

 private:
  const void* owner_;  // Compared, never used.
};

/// Callbacks of one object on one net thread: after close() has returned on any thread, none runs any more.
/// Recursive, since a callback may destroy the object; never contended but by that destruction.
class Gate {
 public:
  template <class F>
  void pass(F&& f) {
    const std::lock_guard lock(mutex_);
    if (!closed_) f();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  std::recursive_mutex mutex_;
  bool closed_ = false;
};

// Shared by the pool and all handles (WebSocket, Client, HttpServer): a user may destroy these after the pool
// and on any thread, and their sockets need the io_context to exist until then.
class Context final : public runtime::Doorbell, public runtime::TimerExecutor {
 public:
  Context(std::size_t index, Log log);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() override;

  void run_thread();
  /// No more tasks; shuts all members, lets their operations end and joins. Not on the context's own thread.
  void stop();

  /// Queues a task for the net thread, which runs it after the handler that runs now; tasks of one turn of
  /// another thread wake it once. After stop() the task is destroyed unrun. Any thread.
  void post(Function<void()> task) override;
  [[nodiscard]] bool is_current() const override { return std::this_thread::get_id() == thread_id_.load(); }

  // Net thread only from here on.
  [[nodiscard]] asio::io_context& io() { return io_; }
  /// One timer of the system serves all of these, and setting or cancelling one mostly does not touch it.
  runtime::TimerId after(Duration delay, Function<void()> task) override;
  bool cancel(runtime::TimerId id) override;
  [[nodiscard]] const Clock& clock() const override { return clock_; }
  [[nodiscard]] IoExecutor executor() { return io_.get_executor(); }
  /// Keeps `member` alive until leave(). The context is the owner of what lives on it; the pointer is shared
  /// with the operations under way, which complete after leave().
  void join(const std::shared_ptr<Member>& member);
  void leave(Member& member) { members_.erase(&member); }
  void shut_owned_by(const void* owner);
  [[nodiscard]] WsDeflate& deflate() { return deflate_; }
  /// An empty string with room, for whoever is about to write: connections that rest hold no buffer.
  [[nodiscard]] std::string take_buffer() { return std::exchange(spare_buffer_, {}); }
  void give_back(std::string&& buffer) {
    buffer.clear();
    spare_buffer_ = std::move(buffer);
  }
  [[nodiscard]] const Log& log() const { return log_; }
  [[nodiscard]] std::size_t index() const { return index_; }

 private:
  void run();
  void drain();
  void guard(Function<void()>& task) const;
  void arm();
  void shut_all();
  void wake() override;

  const std::size_t index_;
  const Log log_;
  asio::io_context io_{1};
  asio::executor_work_guard<IoExecutor> work_;  // Until stop().
  std::mutex inbox_mutex_;
  std::vector<Function<void()>> inbox_;  // under inbox_mutex_
  bool stopped_ = false;                 // under inbox_mutex_
  std::vector<Function<void()>> running_;
  const SystemClock clock_;
  runtime::TimerQueue timers_;
  SteadyTimer alarm_;                   // For the earliest of timers_, or before it.
  std::optional<TimePoint> armed_for_;  // When alarm_ goes off.
  std::unordered_map<Member*, std::shared_ptr<Member>> members_;
  bool shutting_ = false;
  WsDeflate deflate_;
  std::string spare_buffer_;
  std::atomic<std::thread::id> thread_id_{};
  std::thread thread_;
};

}  // namespace tandem::net
