// The tables of accounts, applications, numbers and domains.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "store/api/records.h"
#include "store/sql/columns.h"

namespace tandem::store {

// All inside the caller's transaction or view; they throw soci::soci_error. Updates leave id, owner and
// creation time as they are.
void insert_account(soci::session& sql, const Account& account);
void update_account(soci::session& sql, const Account& account);
[[nodiscard]] std::vector<Account> select_accounts(soci::session& sql, const Tail& tail);
void insert_application(soci::session& sql, const Application& application);
void update_application(soci::session& sql, const Application& application);
[[nodiscard]] std::vector<Application> select_applications(soci::session& sql, const Tail& tail);
void insert_number(soci::session& sql, const Number& number);
void update_number(soci::session& sql, const Number& number);
[[nodiscard]] std::vector<Number> select_numbers(soci::session& sql, const Tail& tail);
void insert_domain(soci::session& sql, const Domain& domain);
void update_domain(soci::session& sql, const Domain& domain);
[[nodiscard]] std::vector<Domain> select_domains(soci::session& sql, const Tail& tail);

}  // namespace tandem::store
