// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "core/store/catalog/catalog.h"
#include "core/store/catalog/database.h"

/// Internal to this folder: what the queries of Catalog share.
namespace hindcast::store {

struct Catalog::Impl {
    Database database;
};

/// Runs a query and makes a T of every row.
template <class T>
base::Result<std::vector<T>> collect(const Database& database, const char* sql,
                                     const std::function<void(Statement&)>& bind,
                                     const std::function<T(const Statement&)>& make) {
    HINDCAST_ASSIGN(Statement statement, database.prepare(sql));
    if (bind) bind(statement);
    std::vector<T> rows;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, statement.step());
        if (!more) return rows;
        rows.push_back(make(statement));
    }
}

inline std::function<void(Statement&)> withUuid(const base::Uuid& uuid) {
    return [uuid](Statement& statement) { statement.bind(uuid.text()); };
}

inline base::Uuid uuidAt(const Statement& row, int column) {
    return base::Uuid::parse(row.text(column)).value_or(base::Uuid{});
}

}  // namespace hindcast::store
