#include "store/sql/queue_table.h"

#include "store/sql/columns.h"
#include "store/sql/connection.h"

namespace tandem::store {

using soci::into;

void insert_queue(soci::session& sql, const Queue& q) {
  const long long size = q.max_size, wait = q.max_wait_ms, created = to_ms(q.created);
  const std::string urls = join_words(q.wait_urls);
  const std::string overflow(to_string(q.overflow_action)), order(to_string(q.order));
  sql << "INSERT INTO queues (id, account_id, name, max_size, max_wait_ms, overflow_action, overflow_queue, "
         "wait_urls, ordering, created_ms) VALUES (:id, :account, :name, :size, :wait, :action, :overflow, "
         ":urls, :ordering, :created)",
      bind(q.id.str()), bind(q.account_id.str()), bind(q.name), bind(size), bind(wait), bind(overflow),
      bind(q.overflow_queue), bind(urls), bind(order), bind(created);
}

bool update_queue(soci::session& sql, const Queue& q) {
  const long long size = q.max_size, wait = q.max_wait_ms;
  const std::string urls = join_words(q.wait_urls);
  const std::string overflow(to_string(q.overflow_action)), order(to_string(q.order));
  soci::statement st =
      (sql.prepare << "UPDATE queues SET name = :name, max_size = :size, max_wait_ms = :wait, "
                      "overflow_action = :action, overflow_queue = :overflow, wait_urls = :urls, "
                      "ordering = :ordering WHERE id = :id AND account_id = :account",
       bind(q.name), bind(size), bind(wait), bind(overflow), bind(q.overflow_queue), bind(urls), bind(order),
       bind(q.id.str()), bind(q.account_id.str()));
  st.execute(true);
  return st.get_affected_rows() != 0;
}

std::vector<Queue> select_queues(soci::session& sql, const Tail& tail) {
  std::vector<Queue> found;
  std::string id, owner, name, action, overflow, urls, order;
  long long size = 0, wait = 0, created = 0;
  auto st = rows(sql,
                 "SELECT id, account_id, name, max_size, max_wait_ms, overflow_action, overflow_queue, "
                 "wait_urls, ordering, created_ms FROM queues",
                 tail, into(id), into(owner), into(name), into(size), into(wait), into(action),
                 into(overflow), into(urls), into(order), into(created));
  while (st.fetch()) {
    found.push_back({model::QueueId(id), model::AccountId(owner), name, static_cast<std::uint32_t>(size),
                     wait, queue_overflow_of(action).value_or(model::QueueOverflow::ivr), overflow,
                     split_words(urls), queue_ordering_of(order).value_or(model::QueueOrdering::priority),
                     from_ms(created)});
  }
  return found;
}

}  // namespace tandem::store
