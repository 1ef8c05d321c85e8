#include "trunk/registrations.h"

#include <utility>

namespace tandem::trunk {
namespace {

/// "sip:registrar.example:5070;transport=tcp" -> "registrar.example": where
/// addresses of record live.
std::string host_of(std::string_view uri) {
  uri.remove_prefix(uri.find(':') + 1);
  uri = uri.substr(0, uri.find(';'));
  if (uri.starts_with('[')) return std::string(uri.substr(0, uri.find(']') + 1));
  return std::string(uri.substr(0, uri.find(':')));
}

sip::RegistrationOptions options_of(const store::Trunk& trunk) {
  const store::TrunkRegistration& r = trunk.registration;
  sip::RegistrationOptions options;
  options.registrar_uri = r.registrar_uri;
  options.address_uri =
      r.address_uri.empty() ? "sip:" + trunk.login.username + "@" + host_of(r.registrar_uri) : r.address_uri;
  options.contact_user = r.contact_user.empty() ? trunk.id.str() : r.contact_user;
  options.expires_s = r.expires_s;
  if (!trunk.login.username.empty()) {
    options.credentials = sip::Credentials{trunk.login.username, trunk.login.password, trunk.login.realm};
  }
  return options;
}

}  // namespace

void Registrations::reconcile(const std::shared_ptr<TrunkState>& trunk, const store::Trunk& wanted) {
  const bool same = trunk->config.registration == wanted.registration && trunk->config.login == wanted.login;
  if (trunk->registration && same) return;
  end(*trunk);
  if (wanted.registration.enabled) begin(trunk, wanted);
}

void Registrations::begin(const std::shared_ptr<TrunkState>& trunk, const store::Trunk& wanted) {
  trunk->told = TrunkState::Told::nothing;
  const std::uint64_t number = ++trunk->registrations;
  // Held weakly: the client may still be logging out when its trunk is gone.
  trunk->registration = std::make_unique<sip::RegistrationClient>(
      options_of(wanted), outside_, loop_,
      [this, weak = std::weak_ptr<TrunkState>(trunk), number](const sip::RegistrationStatus& status) {
        const auto owner = weak.lock();
        if (owner && owner->registration && owner->registrations == number) changed_(*owner, status);
      });
  trunk->registration->start();
}

void Registrations::end(TrunkState& trunk) {
  if (!trunk.registration) return;
  auto leaving = std::make_shared<Leaving>(Leaving{std::move(trunk.registration), false});
  leaving_.push_back(leaving);
  leaving->client->stop([this, weak = std::weak_ptr<Leaving>(leaving)] {
    loop_.post([this, weak] {
      const auto gone = weak.lock();
      if (!gone) return;
      gone->over = true;
      check_over();
    });
  });
}

void Registrations::check_over() {
  std::erase_if(leaving_, [](const auto& l) { return l->over; });
  if (!leaving_.empty() || !done_) return;
  patience_.cancel();
  std::exchange(done_, nullptr)();
}

void Registrations::when_all_ended(Duration patience, Function<void()> done) {
  done_ = std::move(done);
  patience_.set(patience, [this] {
    leaving_.clear();
    check_over();
  });
  check_over();
}

}  // namespace tandem::trunk
