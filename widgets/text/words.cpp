// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/words.h"

#include <QCoreApplication>
#include <QHash>

namespace hindcast::text {

namespace {
QString tr(const char* source, const char* remark = nullptr) {
    return QCoreApplication::translate("Words", source, remark);
}

/// Reasons by machine key; %1, %2 … are the arguments in their order.
const QHash<QString, const char*>& reasons() {
    static const QHash<QString, const char*> table{
        {QStringLiteral("computed-in-inner-loop"), QT_TRANSLATE_NOOP("Words", "%1 is computed inside the %2 loop")},
    };
    return table;
}
}  // namespace

QString fromUtf8(const std::string& text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString modeText(workspace::ReplayMode mode) {
    switch (mode) {
        case workspace::ReplayMode::None:
            return tr("none", "replay mode");
        case workspace::ReplayMode::Prefix:
            return tr("prefix", "replay mode");
        case workspace::ReplayMode::Pre:
            return tr("pre", "replay mode");
        case workspace::ReplayMode::Shallow:
            return tr("shallow", "replay mode");
        case workspace::ReplayMode::Deep:
            return tr("deep", "replay mode");
        case workspace::ReplayMode::Mid:
            return tr("mid", "replay mode");
        case workspace::ReplayMode::Suffix:
            return tr("suffix", "replay mode");
        case workspace::ReplayMode::Beginning:
            return tr("beginning", "replay mode");
    }
    return QString();
}

QString reasonText(const std::string& key, const std::vector<std::string>& arguments, const std::string& english) {
    const auto found = reasons().constFind(fromUtf8(key));
    if (found == reasons().constEnd()) return fromUtf8(english);
    QString text = tr(*found);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        text.replace(QStringLiteral("%%1").arg(i + 1), fromUtf8(arguments[i]));
    }
    // A sentence with a hole is worse than an English one: the writer of the reason gave fewer arguments than we know.
    return text.contains(QLatin1Char('%')) ? fromUtf8(english) : text;
}

QString phaseText(const std::string& phase) {
    const QString name = fromUtf8(phase);
    if (name == QLatin1String("starting")) return tr("starting", "phase of a worker");
    if (name == QLatin1String("import")) return tr("importing", "phase of a worker");
    if (name == QLatin1String("prefix")) return tr("running up to the loop", "phase of a worker");
    if (name == QLatin1String("restore")) return tr("restoring a capture", "phase of a worker");
    const QString iteration = QStringLiteral("iteration ");
    if (name.startsWith(iteration)) return tr("iteration %1", "phase of a worker").arg(name.mid(iteration.size()));
    return name;
}

QString placementText(workspace::PlacementKind kind) {
    switch (kind) {
        case workspace::PlacementKind::Placed:
            return tr("placed", "placement");
        case workspace::PlacementKind::ByHand:
            return tr("by hand", "placement");
        case workspace::PlacementKind::AlreadyThere:
            return tr("recorded", "placement");
        case workspace::PlacementKind::Conflict:
            return tr("conflict", "placement");
        case workspace::PlacementKind::Skipped:
            return tr("skipped", "placement");
    }
    return QString();
}

QString versionStateText(workspace::VersionState state) {
    switch (state) {
        case workspace::VersionState::Recording:
            return tr("training", "version state");
        case workspace::VersionState::Complete:
            return tr("complete", "version state");
        case workspace::VersionState::Incomplete:
            return tr("incomplete", "version state");
        case workspace::VersionState::Crashed:
            return tr("crashed", "version state");
    }
    return QString();
}

QString levelText(const std::vector<std::string>& loops) {
    if (loops.empty()) return tr("once per run");
    const QString loop = fromUtf8(loops.back());
    if (loop == QLatin1String("epoch")) return tr("per epoch");
    if (loop == QLatin1String("step")) return tr("per step");
    if (loop == QLatin1String("batch")) return tr("per batch");
    return tr("per %1", "level of a metric, the name of its loop").arg(loop);
}

QString versionName(int number) {
    return QStringLiteral("v%1").arg(number);
}

}  // namespace hindcast::text
