#include "store/tests/postgres_server.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tandem::store {
namespace {

namespace fs = std::filesystem;

std::string newest_bin() {
  std::string found;
  std::error_code error;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string bin = version.path().string() + "/bin";
    if (fs::exists(bin + "/initdb") && bin > found) found = bin;
  }
  if (found.empty()) throw std::runtime_error("PostgreSQL is not installed: run tools/setup");
  return found;
}

/// Starts `command` as `user`, its output in `log`. It dies with us, whatever happens.
pid_t spawn(const std::vector<std::string>& command, const std::string& user, const std::string& log) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* account = user.empty() ? nullptr : ::getpwnam(user.c_str());
  const uid_t uid = account == nullptr ? 0 : account->pw_uid;
  const gid_t gid = account == nullptr ? 0 : account->pw_gid;
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int out = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0666);
  ::dup2(out, 1);
  ::dup2(out, 2);
  if (account != nullptr && (::setgid(gid) != 0 || ::setuid(uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  ::chdir("/");
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int finish(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

PostgresServer::PostgresServer() : bin_(newest_bin()) {
  std::string name = (fs::temp_directory_path() / "tandem-pg-XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  if (::geteuid() == 0) {
    user_ = ::getpwnam("postgres") != nullptr ? "postgres" : "nobody";
    const passwd* account = ::getpwnam(user_.c_str());
    if (::chown(folder_.c_str(), account->pw_uid, account->pw_gid) != 0)
      throw std::runtime_error("chown failed");
  }
  const pid_t made = spawn({tool("initdb"), "-D", folder_ + "/data", "-U", "tandem", "-A", "trust", "-E",
                            "UTF8", "--locale=C", "--no-sync"},
                           user_, folder_ + ".log");
  if (finish(made) != 0) throw std::runtime_error("initdb failed, see " + folder_ + ".log");
  start();
}

PostgresServer::~PostgresServer() {
  kill();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  fs::remove(folder_ + ".log", ignored);
}

void PostgresServer::start() {
  if (server_ > 0) return;
  server_ = spawn({tool("postgres"), "-D", folder_ + "/data", "-k", folder_, "-h", "", "-F", "-c",
                   "max_connections=40", "-c", "shared_buffers=16MB"},
                  user_, folder_ + ".log");
  // Polled, as nothing tells when it is ready.
  for (int i = 0; i < 600; ++i) {
    if (answers()) return;
    if (::waitpid(server_, nullptr, WNOHANG) == server_) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  throw std::runtime_error("PostgreSQL did not start, see " + folder_ + ".log");
}

bool PostgresServer::answers() const {
  return finish(spawn({tool("pg_isready"), "-q", "-h", folder_}, user_, "/dev/null")) == 0;
}

void PostgresServer::kill() {
  if (server_ <= 0) return;
  ::kill(server_, SIGQUIT);  // "Immediate": no shutdown checkpoint, recovery at the next start.
  finish(server_);
  server_ = -1;
}

std::string PostgresServer::make_database() {
  // A schema each in one database: quicker than a database each, and the same to who uses it.
  const std::string name = "t" + std::to_string(++databases_);
  const pid_t made = spawn({tool("psql"), "-q", "-X", "-h", folder_, "-U", "tandem", "-d", "postgres", "-c",
                            "CREATE SCHEMA " + name},
                           user_, folder_ + ".log");
  if (finish(made) != 0) throw std::runtime_error("CREATE SCHEMA failed, see " + folder_ + ".log");
  return "postgresql:///postgres?user=tandem&host=" + folder_ + "&options=-csearch_path%3D" + name;
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

}  // namespace tandem::store
