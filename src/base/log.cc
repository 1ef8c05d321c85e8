#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace tandem {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string escaped(std::string_view text, bool json) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f) {
      out += fmt::format("\\u{:04x}", u);
    } else if (json && (c == '"' || c == '\\')) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

constexpr const char* kJsonPattern = R"({"ts":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";
constexpr const char* kTextPattern = "%Y-%m-%d %H:%M:%S.%e %L %v";

}  // namespace

Log::Log(std::shared_ptr<spdlog::logger> sink, std::string component)
    : sink_(std::move(sink)), component_(std::move(component)) {}

Log Log::with(std::string component) const {
  return {sink_, std::move(component)};
}

bool Log::enabled(LogLevel level) const {
  return sink_ && sink_->should_log(to_spdlog(level));
}

void Log::line(LogLevel level, std::string_view text) const {
  if (!sink_) return;
  const bool json = sink_->name() == "json";
  if (json) {
    sink_->log(to_spdlog(level), R"("component":"{}","message":"{}")", component_, escaped(text, true));
  } else {
    sink_->log(to_spdlog(level), "{}: {}", component_, escaped(text, false));
  }
}

Log make_log(const LogOptions& options) {
  spdlog::sink_ptr sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
  }
  auto logger = std::make_shared<spdlog::logger>(options.json ? "json" : "text", std::move(sink));
  logger->set_pattern(options.json ? kJsonPattern : kTextPattern);
  logger->set_level(to_spdlog(options.level));
  logger->flush_on(spdlog::level::info);
  return {std::move(logger), "tandem"};
}

}  // namespace tandem
