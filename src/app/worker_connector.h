// WorkerConnector: reaches an application through its workers, or by its URL where no worker has credit.
#pragma once

#include <memory>

#include "app/connector.h"
#include "app/session.h"
#include "app/worker_hub.h"

namespace tandem::app {

class WorkerConnector final : public Connector, private WorkerOffer {
 public:
  /// `by_url`: null where the application has no URL. Borrowed ones outlive the connector.
  WorkerConnector(Session& session, const call::SessionOpening& opening, WorkerHub& hub,
                  runtime::TimerExecutor& control, std::unique_ptr<Connector> by_url,
                  Session::MakeDeliver deliver);
  ~WorkerConnector() override;

  void open(std::uint64_t attempt) override;
  /// Workers come by themselves, with the session's token. Only a session that its worker never answered is
  /// offered again.
  void recover(std::uint64_t attempt, bool untouched) override;
  void stop() override;

 private:
  [[nodiscard]] const model::ApplicationId& application() const override { return application_; }
  void on_credit() override;

  /// False: no worker has credit.
  [[nodiscard]] bool offer();
  void offer_again();
  void on_offered(std::uint64_t attempt, std::unique_ptr<WorkerLink> link);
  void use_url();

  Session& session_;
  const model::ApplicationId application_;
  const model::SessionId id_;
  WorkerHub& hub_;
  std::unique_ptr<Connector> by_url_;
  Session::MakeDeliver make_deliver_;
  bool again_ = false;         ///< The session was offered before.
  bool on_url_ = false;        ///< The application was dialled; it stays so.
  std::uint64_t attempt_ = 0;  ///< 0: stopped.
  runtime::Timer timer_;       ///< How long to wait for credit, or before offering again.
};

}  // namespace tandem::app
