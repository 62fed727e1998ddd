// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "core/base/uuid.h"

namespace hindcast::models {

/// At most this many versions stand out; the rest is drawn dim.
inline constexpr int kMostEmphasised = 8;

/// What the user looks at, shared by every panel: the current version, the versions that stand out, the metrics on the
/// charts, the current probe. A version keeps its colour (a slot, 0…7) as long as it stands out. GUI thread only.
class Choice : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::optional<base::Uuid>& current() const { return m_current; }
    void setCurrent(const std::optional<base::Uuid>& version);

    /// Always emphasised while set: the version others are compared with, and the newest one.
    void setBaseline(const std::optional<base::Uuid>& version);
    void setNewest(const std::optional<base::Uuid>& version);
    const std::optional<base::Uuid>& baseline() const { return m_baseline; }

    /// The user's own additions. False when all slots are taken.
    bool setEmphasised(const base::Uuid& version, bool on);
    /// The user added it: it stands out also when it is no longer the current version.
    bool isAdded(const base::Uuid& version) const;
    bool isEmphasised(const base::Uuid& version) const { return slotOf(version) >= 0; }
    /// Colour slot of a version, -1 when it is dim.
    int slotOf(const base::Uuid& version) const;
    /// In slot order.
    std::vector<base::Uuid> emphasised() const;

    const QStringList& metrics() const { return m_metrics; }
    void setMetrics(const QStringList& metrics);
    void setMetricShown(const QString& metric, bool shown);

    /// Exponential smoothing of the charts, 0 (none) to below 1.
    double smoothing() const { return m_smoothing; }
    void setSmoothing(double factor);

    const QString& probe() const { return m_probe; }
    void setProbe(const QString& id);
    /// The version whose placement the preview shows.
    const std::optional<base::Uuid>& previewed() const { return m_previewed; }
    void setPreviewed(const std::optional<base::Uuid>& version);
    /// A line of a past version that the preview shows instead of a probe, until a version or probe is chosen.
    struct PastLine {
        base::Uuid version;
        QString file;
        int line = 0;  ///< 1-based
    };
    const std::optional<PastLine>& pastLine() const { return m_pastLine; }
    void showPastLine(const PastLine& line);

Q_SIGNALS:
    void currentChanged();
    void emphasisChanged();
    void metricsChanged();
    void smoothingChanged();
    void probeChanged();
    void previewedChanged();
    void pastLineChanged();

private:
    void settle();

    std::optional<base::Uuid> m_current;
    std::optional<base::Uuid> m_baseline;
    std::optional<base::Uuid> m_newest;
    std::vector<base::Uuid> m_added;
    std::vector<std::optional<base::Uuid>> m_slots = std::vector<std::optional<base::Uuid>>(kMostEmphasised);
    QStringList m_metrics;
    double m_smoothing = 0.0;
    QString m_probe;
    std::optional<base::Uuid> m_previewed;
    std::optional<PastLine> m_pastLine;
};

}  // namespace hindcast::models
