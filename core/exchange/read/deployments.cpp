// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/deployments.h"

#include "core/base/clock.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;

Result<Deployment> deploymentOf(std::string_view interval) {
    const std::size_t dots = interval.find("..");
    const std::string text(interval);
    const Error wrong(ErrorCode::InvalidArgument,
                      "'" + text +
                          "' is no interval: write it as 2026-11-01T08:00..2026-11-03T17:30, or with nothing "
                          "behind the dots for one that goes on");
    if (dots == std::string_view::npos) return wrong;
    Deployment deployment;
    const auto from = timeOf(interval.substr(0, dots));
    if (!from) return wrong;
    deployment.fromMicros = *from;
    const std::string_view until = interval.substr(dots + 2);
    if (until.empty()) return deployment;
    const auto to = timeOf(until);
    if (!to || *to <= *from) return wrong;
    deployment.toMicros = *to;
    return deployment;
}

DeployedRuns::DeployedRuns(std::string kind, std::string source, std::vector<Deployment> deployments)
    : m_deployments(std::move(deployments)) {
    for (const Deployment& deployment : m_deployments) {
        ImportedRun& run = m_runs.emplace_back();
        run.kind = kind;
        run.source = source;
        run.run = deployment.label;
        run.deployedOf = deployment.version;
        run.startedMicros = run.endedMicros = deployment.fromMicros;
        run.identity = source + "\n" + deployment.version.text() + "\n" + std::to_string(deployment.fromMicros);
    }
}

Result<void> DeployedRuns::log(std::int64_t micros, std::string_view name, format::Value value) {
    for (std::size_t i = 0; i < m_deployments.size(); ++i) {
        const Deployment& deployment = m_deployments[i];
        if (micros < deployment.fromMicros || micros >= deployment.toMicros) continue;
        const std::int64_t second = (micros - deployment.fromMicros) / 1'000'000;
        HINDCAST_ASSIGN(const PassId pass, m_runs[i].pass(kOutside, "second", second, micros, base::isoTime(micros)));
        m_runs[i].log(pass, name, std::move(value), micros);
        return {};
    }
    ++m_outside;
    return {};
}

void DeployedRuns::leaveOut(const std::string& what, std::int64_t count) {
    if (!m_runs.empty()) m_runs.front().leaveOut(what, count);
}

Result<void> DeployedRuns::give(const RunSink& sink) {
    if (m_outside > 0) leaveOut("measurements taken when none of the versions was deployed", m_outside);
    for (ImportedRun& run : m_runs) HINDCAST_TRY(sink(std::move(run)));
    return {};
}

}  // namespace hindcast::exchange
