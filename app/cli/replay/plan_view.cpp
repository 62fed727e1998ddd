// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/plan_view.h"

#include <algorithm>
#include <cmath>

#include "app/cli/words.h"

namespace hindcast::cli {

using workspace::PlacementKind;
using workspace::PlacementView;
using workspace::Plan;
using workspace::PlanRow;

static std::string estimateText(const workspace::Estimate& estimate) {
    return durationText(estimate.seconds) + " ± " + durationText(estimate.plusMinus);
}

/// What the estimates rest on.
static std::string learnedText(const Plan& plan) {
    if (plan.replaysSeen == 0) return " (no replay was seen yet)";
    std::string text = " (learned from " + std::to_string(plan.replaysSeen);
    text += plan.replaysSeen == 1 ? " replay" : " replays";
    if (plan.typicalMiss > 0) text += ", off by " + std::to_string(std::lround(100 * (plan.typicalMiss - 1))) + " %";
    return text + ")";
}

static std::string amountText(const workspace::Amount& amount) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f ± %.2f", amount.value, amount.plusMinus);
    return text;
}

/// The placement that decides what the row can do: a conflict before everything else.
static const PlacementView* telling(const PlanRow& row) {
    if (row.placements.empty()) return nullptr;
    const auto conflict = std::find_if(row.placements.begin(), row.placements.end(),
                                       [](const auto& placement) { return placement.kind == PlacementKind::Conflict; });
    return conflict != row.placements.end() ? &*conflict : &row.placements.front();
}

void printPlan(const Plan& plan, std::FILE* to) {
    Table table;
    for (const char* title : {"version", "placement"}) table.addColumn(title);
    table.addColumn("conf.", Align::Right);
    for (const char* title : {"mode", "why"}) table.addColumn(title);
    table.addColumn("passes", Align::Right);
    table.addColumn("estimate", Align::Right);
    table.addColumn("runs on");
    table.addColumn("disk", Align::Right);
    for (const PlanRow& row : plan.rows) {
        const PlacementView* placement = telling(row);
        char confidence[16] = "-";
        if (placement && placement->confidence > 0)
            std::snprintf(confidence, sizeof confidence, "%.2f", placement->confidence);
        table.addRow({"v" + std::to_string(row.number), placement ? placementWord(placement->kind) : "-", confidence,
                      row.willRun ? modeWord(row.mode) : "-", row.reason,
                      row.willRun ? std::to_string(row.iterations.size()) : "-",
                      row.willRun ? estimateText(row.time) : "-", row.willRun ? (row.gpu.empty() ? "CPU" : "GPU") : "-",
                      row.willRun ? bytesText(row.diskBytes) : "-"});
    }
    table.print(to);
    if (plan.iterations > 0) {
        std::fprintf(to, "%lld passes on %d %s%s: %s%s, %s of disk%s\n", static_cast<long long>(plan.iterations),
                     plan.workers, plan.workers == 1 ? "worker" : "workers",
                     plan.resource == "local" ? "" : (" of " + plan.resource).c_str(), estimateText(plan.total).c_str(),
                     plan.price.value > 0 ? (", costs " + amountText(plan.price)).c_str() : "",
                     bytesText(plan.diskBytes).c_str(), learnedText(plan).c_str());
    }
    for (const std::string& notice : plan.notices) std::fprintf(to, "Note: %s\n", notice.c_str());
    if (!plan.missingConsent.empty()) std::fprintf(to, "Not allowed yet: %s.\n", plan.missingConsent.c_str());
}

void printOptions(const Plan& plan, std::FILE* to) {
    Table table;
    table.addColumn("");
    for (const char* title : {"resource", "device"}) table.addColumn(title);
    for (const char* title : {"workers", "time", "costs"}) table.addColumn(title, Align::Right);
    for (const char* title : {"speed", "limits"}) table.addColumn(title);
    for (const workspace::PlanOption& option : plan.options) {
        table.addRow({option.isSuggested ? "*" : "", option.resource, option.device.empty() ? "-" : option.device,
                      std::to_string(option.workers), estimateText(option.time),
                      option.price.value > 0 ? amountText(option.price) : "-",
                      speedText(option.speed, option.speedReplays), option.keepsLimits ? "kept" : "not kept"});
    }
    table.print(to);
}

static Json optionsJson(const Plan& plan) {
    Json options = Json::array();
    for (const workspace::PlanOption& option : plan.options) {
        options.push_back({{"resource", option.resource},
                           {"device", option.device},
                           {"workers", option.workers},
                           {"seconds", option.time.seconds},
                           {"plusMinus", option.time.plusMinus},
                           {"price", option.price.value},
                           {"pricePlusMinus", option.price.plusMinus},
                           {"keepsLimits", option.keepsLimits},
                           {"suggested", option.isSuggested},
                           {"speed", option.speed},
                           {"speedReplays", option.speedReplays}});
    }
    return options;
}

static Json placementJson(const PlacementView& placement) {
    Json out;
    out["kind"] = placementWord(placement.kind);
    out["confidence"] = placement.confidence;
    out["reason"] = placement.reason;
    out["file"] = placement.file;
    out["firstLine"] = placement.firstLine;
    out["lastLine"] = placement.lastLine;
    out["unresolved"] = placement.unresolvedNames;
    out["candidates"] = Json::array();
    for (const auto& candidate : placement.candidates) {
        out["candidates"].push_back({{"file", candidate.file},
                                     {"line", candidate.line},
                                     {"score", candidate.score},
                                     {"statement", candidate.statement},
                                     {"why", candidate.why}});
    }
    return out;
}

static Json rowJson(const Plan& plan, const PlanRow& row) {
    Json out;
    out["version"] = row.number;
    out["uuid"] = row.version.text();
    out["willRun"] = row.willRun;
    out["mode"] = modeWord(row.mode);
    out["reason"] = row.reason;
    out["reasonKey"] = row.reasonKey;
    out["loop"] = row.loop;
    out["iterations"] = row.iterations;
    out["captures"] = row.captures;
    out["seconds"] = row.time.seconds;
    out["plusMinus"] = row.time.plusMinus;
    out["device"] = row.gpu.empty() ? "cpu" : row.gpu;
    out["diskBytes"] = row.diskBytes;
    out["placements"] = Json::array();
    for (std::size_t i = 0; i < row.placements.size(); ++i) {
        Json placement = placementJson(row.placements[i]);
        if (i < plan.probes.size()) placement["probe"] = plan.probes[i].name;
        out["placements"].push_back(std::move(placement));
    }
    return out;
}

Json planJson(const Plan& plan) {
    Json document;
    document["schema"] = "hindcast.plan/1";
    document["names"] = Json::array();
    for (const auto& probe : plan.probes) document["names"].push_back(probe.name);
    document["rows"] = Json::array();
    for (const PlanRow& row : plan.rows) document["rows"].push_back(rowJson(plan, row));
    document["resource"] = plan.resource;
    document["workers"] = plan.workers;
    document["iterations"] = plan.iterations;
    document["seconds"] = plan.total.seconds;
    document["plusMinus"] = plan.total.plusMinus;
    document["diskBytes"] = plan.diskBytes;
    document["learned"] = {{"replays", plan.replaysSeen}, {"typicalMiss", plan.typicalMiss}};
    document["price"] = plan.price.value;
    document["pricePlusMinus"] = plan.price.plusMinus;
    document["options"] = optionsJson(plan);
    document["notices"] = plan.notices;
    document["missingConsent"] = plan.missingConsent;
    return document;
}

std::string conflictsText(const Plan& plan) {
    std::string text;
    for (const PlanRow& row : plan.rows) {
        const PlacementView* placement = telling(row);
        if (!placement || placement->kind != PlacementKind::Conflict) continue;
        text += (text.empty() ? "v" : ", v") + std::to_string(row.number) + " (" + placement->reason + ")";
    }
    return text;
}

}  // namespace hindcast::cli
