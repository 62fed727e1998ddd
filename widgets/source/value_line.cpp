// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/value_line.h"

#include <QCoreApplication>

#include "widgets/look/number_painter.h"
#include "widgets/models/project.h"
#include "widgets/models/values_model.h"
#include "widgets/text/error_text.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr int kMostValues = 5;

/// The context of the sentences in this file.
class Sentences {
    Q_DECLARE_TR_FUNCTIONS(ValueLine)
};
}  // namespace

QString placementsText(models::Project& project, const QString& probe) {
    const auto& placements = project.probes().placements(probe);
    if (placements.error) return text::errorText(*placements.error);
    if (placements.placing && placements.byVersion.size() < project.versions().size()) {
        return Sentences::tr("placing, %1 of %2").arg(placements.byVersion.size()).arg(project.versions().size());
    }
    const auto counts = project.probes().counts(probe);
    QStringList parts;
    if (counts.placed > 0) parts.append(Sentences::tr("%n placed", nullptr, counts.placed));
    if (counts.already > 0) parts.append(Sentences::tr("%n already there", nullptr, counts.already));
    if (counts.conflicts > 0) parts.append(Sentences::tr("%n conflict(s)", nullptr, counts.conflicts));
    if (counts.skipped > 0) parts.append(Sentences::tr("%n skipped", nullptr, counts.skipped));
    return parts.join(QStringLiteral(" · "));
}

ValueLine valueLine(models::Project& project, const workspace::ProbeView& probe) {
    ValueLine line;
    line.placements = placementsText(project, QString::fromStdString(probe.id));
    if (probe.names.empty()) return line;
    const QString name = text::fromUtf8(probe.names.front());
    const auto& versions = project.versions();
    const QString loop = versions.empty() ? QString() : text::fromUtf8(versions.front().outerLoop);
    QStringList parts{QStringLiteral("%1 %2").arg(loop).arg(project.cursor().iteration())};
    bool any = false;
    for (const auto& version : project.choice().emphasised()) {
        const auto* view = project.version(version);
        const auto series = project.series().find(version, name);
        if (!view || !series || parts.size() > kMostValues) continue;
        const auto at = models::valueAt(*series, project.cursor().position());
        if (!at) continue;
        parts.append(text::versionName(view->number) + QLatin1Char(' ') + look::formatNumber(series->values[*at]));
        any = true;
    }
    line.values = any ? parts.join(QStringLiteral("   ")) : Sentences::tr("not replayed yet");
    return line;
}

}  // namespace hindcast::source
