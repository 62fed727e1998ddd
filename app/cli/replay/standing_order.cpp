// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/standing_order.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "app/cli/print.h"
#include "app/cli/replay/consent.h"
#include "app/cli/replay/follow.h"
#include "app/cli/words.h"
#include "core/base/clock.h"

namespace hindcast::cli {

namespace {

using workspace::ReplayOrder;
using workspace::Workspace;

constexpr std::chrono::milliseconds kBetweenLooks{500};

Outcome takeBack(Workspace& workspace, const StandingOrder& asked) {
    HINDCAST_ASSIGN(const auto orders, workspace.orders());
    bool any = false;
    for (const ReplayOrder& order : orders) {
        if (!asked.names.empty() && order.names != asked.names) continue;
        HINDCAST_TRY(workspace.removeOrder(order.id));
        any = true;
    }
    return any ? ExitStatus::Done : ExitStatus::NothingToDo;
}

/// An order for the same names is changed, with its beginning kept: what came since is still owed.
base::Result<void> keep(Workspace& workspace, const StandingOrder& asked) {
    HINDCAST_ASSIGN(const auto orders, workspace.orders());
    ReplayOrder order;
    order.sinceMicros = base::wallClockMicros();
    for (const ReplayOrder& kept : orders) {
        if (kept.names == asked.names) order = kept;
    }
    order.names = asked.names;
    if (!asked.budget.empty()) {
        HINDCAST_ASSIGN(order.budgetSeconds, parseSeconds(asked.budget));
    }
    if (!asked.versions.empty()) {
        HINDCAST_ASSIGN(order.compareWith, workspace.resolveVersions(asked.versions));
    }
    return workspace.setOrder(order);
}

/// The newest value of each name in the versions of a plan, newest version first.
base::Result<void> compare(Workspace& workspace, const ReplayOrder& order, const workspace::Plan& plan, bool json) {
    HINDCAST_ASSIGN(const auto versions, workspace.versions());
    Json document{{"schema", "hindcast.comparison/1"}, {"names", order.names}, {"rows", Json::array()}};
    Table table;
    table.addColumn("version");
    for (const std::string& name : order.names) table.addColumn("last " + name, Align::Right);
    for (const workspace::PlanRow& row : plan.rows) {
        const auto version =
            std::find_if(versions.begin(), versions.end(), [&](const auto& view) { return view.uuid == row.version; });
        if (version == versions.end()) continue;
        std::vector<std::string> cells{"v" + std::to_string(row.number)};
        Json values = Json::object();
        for (const std::string& name : order.names) {
            const auto value = version->lastValues.find(name);
            const bool has = value != version->lastValues.end();
            cells.push_back(has ? Json(value->second).dump() : "-");
            values[name] = has ? Json(value->second) : Json(nullptr);
        }
        table.addRow(cells);
        document["rows"].push_back({{"version", row.number}, {"uuid", row.version.text()}, {"last", values}});
    }
    json ? printJson(document) : table.print(stdout);
    std::fflush(stdout);
    return {};
}

/// Replays what one order asks for now and compares; what was asked of a version is not asked again.
Outcome act(Workspace& workspace, const ReplayOrder& order, std::set<base::Uuid>& handled, bool json) {
    HINDCAST_ASSIGN(const workspace::Plan plan, workspace.planOrder(order, handled));
    if (plan.rows.empty()) return ExitStatus::NothingToDo;
    for (const workspace::PlanRow& row : plan.rows) handled.insert(row.version);
    for (const std::string& notice : plan.notices) std::fprintf(stderr, "Note: %s\n", notice.c_str());
    ExitStatus status = ExitStatus::Done;
    if (plan.iterations > 0) {
        HINDCAST_ASSIGN(const bool allowed, hasConsent(workspace, plan, true));
        if (!allowed) return ExitStatus::Cancelled;
        HINDCAST_ASSIGN(const auto run, workspace.replay(plan));
        const workspace::ReplayProgress progress = follow(*run);
        HINDCAST_TRY(workspace.refresh());
        if (progress.cancelled) return ExitStatus::Cancelled;
        for (const workspace::QueueRow& row : progress.rows) {
            if (row.state == workspace::UnitState::Failed || row.worst != workspace::Fidelity::Exact) {
                status = ExitStatus::NotExact;
                std::fprintf(stderr, "v%d: %s\n", row.number, row.message.c_str());
            }
        }
    }
    HINDCAST_TRY(compare(workspace, order, plan, json));
    return status;
}

}  // namespace

Outcome followOrders(Workspace& workspace, const StandingOrder& asked) {
    if (asked.off) return takeBack(workspace, asked);
    if (!asked.names.empty()) HINDCAST_TRY(keep(workspace, asked));
    std::map<std::string, std::set<base::Uuid>> handled;
    ExitStatus all = ExitStatus::NothingToDo;
    for (;;) {
        HINDCAST_TRY(workspace.refresh());
        HINDCAST_ASSIGN(const auto orders, workspace.orders());
        if (orders.empty())
            return base::Error(base::ErrorCode::NothingToDo,
                               "nothing is to be replayed by itself; name it: hindcast replay NAME --on-new-version");
        for (const ReplayOrder& order : orders) {
            HINDCAST_ASSIGN(const ExitStatus status, act(workspace, order, handled[order.id], asked.json));
            if (status == ExitStatus::Cancelled) return status;
            if (status != ExitStatus::NothingToDo && all != ExitStatus::NotExact) all = status;
        }
        if (asked.once) return all;
        std::this_thread::sleep_for(kBetweenLooks);
    }
}

}  // namespace hindcast::cli
