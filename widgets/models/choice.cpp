// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/choice.h"

#include <algorithm>
#include <utility>

namespace hindcast::models {

void Choice::setCurrent(const std::optional<base::Uuid>& version) {
    if (m_current == version) return;
    m_current = version;
    settle();
    Q_EMIT currentChanged();
}

void Choice::setBaseline(const std::optional<base::Uuid>& version) {
    if (m_baseline == version) return;
    m_baseline = version;
    settle();
    Q_EMIT currentChanged();
}

void Choice::setNewest(const std::optional<base::Uuid>& version) {
    if (m_newest == version) return;
    m_newest = version;
    settle();
}

bool Choice::setEmphasised(const base::Uuid& version, bool on) {
    const auto found = std::find(m_added.begin(), m_added.end(), version);
    if (on == (found != m_added.end())) return true;
    if (on) {
        const auto used =
            std::count_if(m_slots.begin(), m_slots.end(), [](const auto& slot) { return slot.has_value(); });
        if (used >= kMostEmphasised && !isEmphasised(version)) return false;
        m_added.push_back(version);
    } else {
        m_added.erase(found);
    }
    settle();
    return true;
}

bool Choice::isAdded(const base::Uuid& version) const {
    return std::find(m_added.begin(), m_added.end(), version) != m_added.end();
}

int Choice::slotOf(const base::Uuid& version) const {
    const auto found = std::find(m_slots.begin(), m_slots.end(), std::optional(version));
    return found == m_slots.end() ? -1 : static_cast<int>(found - m_slots.begin());
}

std::vector<base::Uuid> Choice::emphasised() const {
    std::vector<base::Uuid> all;
    for (const auto& slot : m_slots) {
        if (slot) all.push_back(*slot);
    }
    return all;
}

/// Who stands out keeps its slot; who left frees it; who is new takes the first free one.
void Choice::settle() {
    std::vector<base::Uuid> wanted;
    const auto want = [&wanted](const base::Uuid& version) {
        if (std::find(wanted.begin(), wanted.end(), version) == wanted.end()) wanted.push_back(version);
    };
    for (const auto* always : {&m_baseline, &m_current, &m_newest}) {
        if (*always) want(**always);
    }
    for (const auto& version : m_added) want(version);
    if (wanted.size() > kMostEmphasised) wanted.resize(kMostEmphasised);

    auto places = m_slots;
    for (auto& slot : places) {
        if (slot && std::find(wanted.begin(), wanted.end(), *slot) == wanted.end()) slot.reset();
    }
    for (const auto& version : wanted) {
        if (std::find(places.begin(), places.end(), std::optional(version)) != places.end()) continue;
        const auto free = std::find(places.begin(), places.end(), std::nullopt);
        if (free != places.end()) *free = version;
    }
    if (places == m_slots) return;
    m_slots = std::move(places);
    Q_EMIT emphasisChanged();
}

void Choice::setMetrics(const QStringList& metrics) {
    if (m_metrics == metrics) return;
    m_metrics = metrics;
    Q_EMIT metricsChanged();
}

void Choice::setMetricShown(const QString& metric, bool shown) {
    QStringList metrics = m_metrics;
    if (shown == metrics.contains(metric)) return;
    if (shown) {
        metrics.append(metric);
    } else {
        metrics.removeAll(metric);
    }
    setMetrics(metrics);
}

void Choice::setSmoothing(double factor) {
    if (m_smoothing == factor) return;
    m_smoothing = factor;
    Q_EMIT smoothingChanged();
}

void Choice::setProbe(const QString& id) {
    if (m_probe == id) return;
    m_probe = id;
    m_pastLine.reset();
    Q_EMIT probeChanged();
}

void Choice::setPreviewed(const std::optional<base::Uuid>& version) {
    const bool leavesLine = std::exchange(m_pastLine, std::nullopt).has_value();
    if (m_previewed == version && !leavesLine) return;
    m_previewed = version;
    Q_EMIT previewedChanged();
}

void Choice::showPastLine(const PastLine& line) {
    m_pastLine = line;
    Q_EMIT pastLineChanged();
}

}  // namespace hindcast::models
