// `tandem admin queue`.
#include "server/admin/gathered.h"

namespace tandem::server {
namespace {

using store::Queue;
using store::Store;

/// An option that sets one field.
template <class T, class Set>
CLI::Option* edit(CLI::App& verb, Admin& a, const char* name, Set set, const char* help) {
  return verb.add_option_function<T>(
      name,
      [&a, set](const T& value) {
        a.queue_edits.emplace_back([set, value](Queue& queue) { set(queue, value); });
      },
      help);
}

void add_rules(CLI::App& verb, Admin& a) {
  edit<std::uint32_t>(
      verb, a, "--max-size", [](Queue& q, std::uint32_t n) { q.max_size = n; },
      "Most calls that wait; 0: no limit");
  edit<std::int64_t>(
      verb, a, "--max-wait-ms", [](Queue& q, std::int64_t ms) { q.max_wait_ms = ms; },
      "Longest wait; 0: none");
  edit<std::string>(
      verb, a, "--overflow",
      [](Queue& q, const std::string& text) {
        q.overflow_action = *store::queue_overflow_of(text);
        if (q.overflow_action != model::QueueOverflow::queue) q.overflow_queue.clear();
      },
      "Of a call without room or that waited too long: ivr (unless given), hangup, or queue")
      ->check(CLI::IsMember({"ivr", "hangup", "queue"}));
  edit<std::string>(
      verb, a, "--overflow-queue", [](Queue& q, const std::string& name) { q.overflow_queue = name; },
      "With --overflow queue: where it waits on");
  edit<std::vector<std::string>>(
      verb, a, "--wait-url",
      [](Queue& q, std::vector<std::string> urls) {
        std::erase(urls, "");  // An empty one alone clears the list.
        q.wait_urls = std::move(urls);
      },
      "Audio that callers hear who bring nothing of their own; repeatable");
  edit<std::string>(
      verb, a, "--order",
      [](Queue& q, const std::string& text) { q.order = *store::queue_ordering_of(text); },
      "priority (unless given) or arrival")
      ->check(CLI::IsMember({"priority", "arrival"}));
}

void apply_edits(const Admin& a, Queue& queue) {
  for (const auto& apply : a.queue_edits) apply(queue);
}

int change(const Admin& a, Store& store) {
  auto all = store.queues({});
  if (!all) return fail(all.error());
  for (auto& queue : *all) {
    if (queue.id.str() != a.id) continue;
    apply_edits(a, queue);
    return a.created(store.update(std::move(queue)));
  }
  return fail("not_found: id: there is no queue " + a.id);
}

}  // namespace

void add_queue(CLI::App& app, Admin& a) {
  auto* noun = add_noun(app, "queue", "Queues of calls");
  const auto set_name = [](Queue& q, const std::string& name) { q.name = name; };
  auto* create = noun->add_subcommand("create", "Print the new queue's id");
  create->add_option("--account", a.account_text, "Id of its account")->required();
  edit<std::string>(*create, a, "--name", set_name, "Name, unique in the account")->required();
  add_rules(*create, a);
  create->callback([&a] {
    a.action = [&a](Store& s) {
      Queue queue;
      queue.account_id = a.owner();
      apply_edits(a, queue);
      return a.created(s.create(std::move(queue)));
    };
  });
  auto* set = noun->add_subcommand("set", "Change what is given, leave the rest")->alias("update");
  set->add_option("id", a.id, "Its id")->required();
  edit<std::string>(*set, a, "--name", set_name, "Name, unique in the account");
  add_rules(*set, a);
  set->callback([&a] { a.action = [&a](Store& s) { return change(a, s); }; });
  add_list_and_delete<model::QueueId>(*noun, a, [&a](Store& s) { return s.queues(a.owner()); });
}

}  // namespace tandem::server
