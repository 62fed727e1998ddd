// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/orders.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/uuid.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::string_view kPrefix = "on-new-version:";

ReplayOrder orderOf(const json& body) {
    ReplayOrder order;
    order.names = body.at("names").get<std::vector<std::string>>();
    order.budgetSeconds = body.value("budgetSeconds", 0.0);
    order.sinceMicros = body.at("sinceMicros").get<std::int64_t>();
    for (const std::string& text : body.value("compareWith", std::vector<std::string>())) {
        if (const auto version = base::Uuid::parse(text)) order.compareWith.push_back(*version);
    }
    return order;
}

/// Every `stride`-th iteration, the last one always among them.
void thin(std::vector<std::int64_t>& iterations, std::size_t stride) {
    std::vector<std::int64_t> kept;
    for (std::size_t back = 0; back < iterations.size(); back += stride)
        kept.push_back(iterations[iterations.size() - 1 - back]);
    std::reverse(kept.begin(), kept.end());
    iterations = std::move(kept);
}

}  // namespace

std::vector<ReplayOrder> readOrders(const StoreHandles& store) {
    std::vector<ReplayOrder> orders;
    for (const auto& [id, text] : store.annotations.view().rules) {
        if (!id.starts_with(kPrefix)) continue;
        const json body = json::parse(text, nullptr, false);
        if (!body.is_object()) continue;
        try {
            orders.push_back(orderOf(body));
            orders.back().id = id;
        } catch (const json::exception&) {
            continue;  // a newer program's
        }
    }
    return orders;
}

Result<void> writeOrder(StoreHandles& store, const ReplayOrder& order) {
    if (order.names.empty()) return Error(ErrorCode::InvalidArgument, "name what to replay when a version is new");
    json body{{"names", order.names},
              {"budgetSeconds", order.budgetSeconds},
              {"sinceMicros", order.sinceMicros},
              {"compareWith", json::array()}};
    for (const base::Uuid& version : order.compareWith) body["compareWith"].push_back(version.text());
    const std::string id = order.id.empty() ? std::string(kPrefix) + base::Uuid::make().text() : order.id;
    HINDCAST_TRY(store.annotations.setRule(id, body.dump()));
    return {};
}

Result<void> removeOrder(StoreHandles& store, const std::string& id) {
    return store.annotations.setRule(id, std::nullopt);
}

void keepWithin(Plan& plan, double seconds) {
    if (seconds <= 0 || plan.total.seconds <= seconds) return;
    const auto runs = std::count_if(plan.rows.begin(), plan.rows.end(), [](const PlanRow& row) { return row.willRun; });
    double left = seconds * static_cast<double>(std::min<std::ptrdiff_t>(plan.workers, runs));
    plan.iterations = 0;
    for (PlanRow& row : plan.rows) {
        if (!row.willRun) continue;
        const std::size_t wanted = std::max<std::size_t>(1, row.iterations.size());
        if (row.time.seconds > left) {
            const auto stride = static_cast<std::size_t>(std::ceil(row.time.seconds / std::max(left, 1e-3)));
            row.willRun = stride < wanted;
            if (row.willRun) thin(row.iterations, stride);
            plan.notices.push_back("v" + std::to_string(row.number) + ": the budget reaches for " +
                                   std::to_string(row.willRun ? row.iterations.size() : 0) + " of " +
                                   std::to_string(wanted) + (wanted == 1 ? " pass" : " passes"));
            left = 0;
        } else {
            left -= row.time.seconds;
        }
        if (row.willRun) plan.iterations += std::max<std::int64_t>(1, static_cast<std::int64_t>(row.iterations.size()));
    }
    plan.total.seconds = seconds;
}

}  // namespace hindcast::workspace
