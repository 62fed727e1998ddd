// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/words.h"

#include <QCoreApplication>
#include <QHash>
#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <array>
#include <string_view>

namespace hindcast::text {

namespace {
/// The context of the sentences in this file.
class Words {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

/// Reasons by machine key; %1, %2 … are the arguments in their order, or %1 the English sentence where there are none.
const QHash<QString, const char*>& reasons() {
    static const QHash<QString, const char*> table{
        {QStringLiteral("before-loop"), QT_TRANSLATE_NOOP("Words", "it stands before the loop %1")},
        {QStringLiteral("after-loop"), QT_TRANSLATE_NOOP("Words", "it stands after the loop %1")},
        {QStringLiteral("after-explicit-loop"),
         QT_TRANSLATE_NOOP("Words",
                           "it stands after the explicit iterations of %1, and the state there was not stored")},
        {QStringLiteral("import-time"),
         QT_TRANSLATE_NOOP("Words", "it runs when the module is imported, before the loop %1")},
        {QStringLiteral("inside-inner-loop"), QT_TRANSLATE_NOOP("Words", "it stands inside the loop %1")},
        {QStringLiteral("before-inner-loop"),
         QT_TRANSLATE_NOOP("Words", "it stands before the loop %1; the state there is stored")},
        {QStringLiteral("after-inner-loop"), QT_TRANSLATE_NOOP("Words", "all it reads is stored after %1")},
        {QStringLiteral("reads-gradients"),
         QT_TRANSLATE_NOOP("Words", "it uses %1, which only running the loop %2 gives")},
        {QStringLiteral("computed-in-inner-loop"),
         QT_TRANSLATE_NOOP("Words", "it reads %1, which is not stored where the loop %2 ends (%3)")},
        {QStringLiteral("needed-after-inner-loop"),
         QT_TRANSLATE_NOOP("Words", "what follows the loop %2 reads %1, which is not stored there (%3)")},
        {QStringLiteral("unknown-name"),
         QT_TRANSLATE_NOOP("Words", "it reads %1, of which nothing is known where the loop %2 ends")},
        {QStringLiteral("unknown-callers"),
         QT_TRANSLATE_NOOP("Words", "it stands in %1, and who calls that cannot be seen")},
        {QStringLiteral("not-called"), QT_TRANSLATE_NOOP("Words", "no call of %1 was found")},
        {QStringLiteral("same-compound-statement"),
         QT_TRANSLATE_NOOP("Words", "it shares a compound statement with the loop %1")},
        {QStringLiteral("return-in-loop"), QT_TRANSLATE_NOOP("Words", "the loop %1 may end by return")},
        {QStringLiteral("no-inner-loop"), QT_TRANSLATE_NOOP("Words", "no inner loop is recorded in %1")},
        {QStringLiteral("no-exit-state"), QT_TRANSLATE_NOOP("Words", "no state was stored where the loop %1 ends")},
        {QStringLiteral("several-runs"),
         QT_TRANSLATE_NOOP("Words", "it stands between runs of the loop %1, and not all of them can be skipped")},
        {QStringLiteral("uncaptured-state"), QT_TRANSLATE_NOOP("Words", "it depends on %1, whose state is not stored")},
        {QStringLiteral("iterator"),
         QT_TRANSLATE_NOOP("Words", "the loop %2 fetches from %1, an iterator whose position is not stored")},
        {QStringLiteral("dynamic-code"), QT_TRANSLATE_NOOP("Words", "it uses %1(), which hides what is read")},
        {QStringLiteral("no-captures"), QT_TRANSLATE_NOOP("Words", "the version has no checkpoint")},
        {QStringLiteral("run-later"),
         QT_TRANSLATE_NOOP("Words", "it stands in the generator %1, which runs where its values are asked for")},
        {QStringLiteral("no-place"), QT_TRANSLATE_NOOP("Words", "no statement was found at these lines")},
        {QStringLiteral("mixed"), QT_TRANSLATE_NOOP("Words", "it is reached in several ways; the deepest decides")},
        {QStringLiteral("check"), QT_TRANSLATE_NOOP("Words", "a check")},
        {QStringLiteral("forced"), QT_TRANSLATE_NOOP("Words", "asked for")},
        {QStringLiteral("no-exit-capture"),
         QT_TRANSLATE_NOOP("Words", "these iterations have no stored state from the end of the inner loop")},
        {QStringLiteral("also-before-loop"), QT_TRANSLATE_NOOP("Words", "it is reached before the loop %1 too")},
        {QStringLiteral("also-after-loop"), QT_TRANSLATE_NOOP("Words", "it is reached after the loop %1 too")},
        {QStringLiteral("recorded"), QT_TRANSLATE_NOOP("Words", "recorded by the run itself")},
        {QStringLiteral("nothing-placed"), QT_TRANSLATE_NOOP("Words", "no probe has a place in this version")},
        {QStringLiteral("replayed-before"), QT_TRANSLATE_NOOP("Words", "replayed before, complete")},
        {QStringLiteral("filtered-out"), QT_TRANSLATE_NOOP("Words", "the filter rules this version out")},
        {QStringLiteral("no-iterations"),
         QT_TRANSLATE_NOOP("Words", "the run has no whole iteration that was asked for")},
        {QStringLiteral("none-captured"),
         QT_TRANSLATE_NOOP("Words", "no state is stored at the iterations that were asked for")},
        {QStringLiteral("no-source"), QT_TRANSLATE_NOOP("Words", "no source was stored for this version")},
        {QStringLiteral("imported"),
         QT_TRANSLATE_NOOP("Words", "it was imported from %1, which keeps no code that could be run again")},
        {QStringLiteral("state-inside-loop"),
         QT_TRANSLATE_NOOP("Words", "the state inside the loop %1 was stored before its pass %2")},
        {QStringLiteral("child-process"),
         QT_TRANSLATE_NOOP("Words", "the script started this process itself (%1); a replay starts scripts only")},
        {QStringLiteral("concurrent-tasks"),
         QT_TRANSLATE_NOOP("Words", "tasks of asyncio ran loops side by side; a replay cannot take the same turns")},
        {QStringLiteral("captures-elsewhere"),
         QT_TRANSLATE_NOOP("Words", "its captures are at %1: replay it there, or pull them")},
        {QStringLiteral("environment"), QT_TRANSLATE_NOOP("Words", "its environment cannot be used here: %1")},
        {QStringLiteral("does-not-parse"), QT_TRANSLATE_NOOP("Words", "its source does not parse: %1")},
        {QStringLiteral("conflict"), QT_TRANSLATE_NOOP("Words", "needs your decision where it stands")},
        {QStringLiteral("skipped"), QT_TRANSLATE_NOOP("Words", "skipped by you")},
    };
    return table;
}

/// Why a statement stands where it does, as core says it.
constexpr std::array kPlacementReasons{
    QT_TRANSLATE_NOOP("Words", "between the same two statements"),
    QT_TRANSLATE_NOOP("Words", "after the same statement"),
    QT_TRANSLATE_NOOP("Words", "before the same statement"),
    QT_TRANSLATE_NOOP("Words", "where the code around it fits best"),
    QT_TRANSLATE_NOOP("Words", "where the code around it would stand; the old version does not have that code"),
    QT_TRANSLATE_NOOP("Words", "behind the statement it was written behind"),
    QT_TRANSLATE_NOOP("Words", "the old version has this statement"),
    QT_TRANSLATE_NOOP("Words", "placed by hand"),
    QT_TRANSLATE_NOOP("Words", "added here"),
    QT_TRANSLATE_NOOP("Words", "skipped by you"),
    QT_TRANSLATE_NOOP("Words", "recorded by the run itself"),
    QT_TRANSLATE_NOOP("Words", "no source was stored for this version"),
    QT_TRANSLATE_NOOP("Words", "imported from another tool, without its code"),
};

/// Fills the holes of a sentence in one pass, so that an argument may contain anything; empty where one stays open.
QString filled(const QString& sentence, const QStringList& arguments) {
    static const QRegularExpression kHole(QStringLiteral("%([1-9])"));
    QString text;
    qsizetype end = 0;
    for (auto holes = kHole.globalMatch(sentence); holes.hasNext();) {
        const auto hole = holes.next();
        const int number = hole.capturedView(1).toInt();
        if (number > arguments.size()) return QString();
        text += QStringView(sentence).mid(end, hole.capturedStart() - end);
        text += arguments.at(number - 1);
        end = hole.capturedEnd();
    }
    text += QStringView(sentence).mid(end);
    return text;
}
}  // namespace

QString fromUtf8(const std::string& text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString modeText(workspace::ReplayMode mode) {
    switch (mode) {
        case workspace::ReplayMode::None:
            return Words::tr("none", "replay mode");
        case workspace::ReplayMode::Prefix:
            return Words::tr("prefix", "replay mode");
        case workspace::ReplayMode::Pre:
            return Words::tr("pre", "replay mode");
        case workspace::ReplayMode::Shallow:
            return Words::tr("shallow", "replay mode");
        case workspace::ReplayMode::Deep:
            return Words::tr("deep", "replay mode");
        case workspace::ReplayMode::Mid:
            return Words::tr("mid", "replay mode");
        case workspace::ReplayMode::Suffix:
            return Words::tr("suffix", "replay mode");
        case workspace::ReplayMode::Beginning:
            return Words::tr("beginning", "replay mode");
    }
    return QString();
}

QString reasonText(const std::string& key, const std::vector<std::string>& arguments, const std::string& english) {
    const auto found = reasons().constFind(fromUtf8(key));
    if (found == reasons().constEnd()) return fromUtf8(english);
    QStringList words;
    for (const std::string& argument : arguments) words.append(fromUtf8(argument));
    if (words.isEmpty()) words.append(fromUtf8(english));
    // A sentence with a hole is worse than an English one: the writer of the reason gave fewer arguments than we know.
    const QString text = filled(Words::tr(*found), words);
    return text.isEmpty() ? fromUtf8(english) : text;
}

QString placementReasonText(const std::string& english) {
    constexpr std::string_view kOtherLoops = ", but in other loops";
    if (english.ends_with(kOtherLoops))
        return Words::tr("%1, but in other loops")
            .arg(placementReasonText(english.substr(0, english.size() - kOtherLoops.size())));
    const QString words = fromUtf8(english);
    static const QRegularExpression kOnTheWay(
        QStringLiteral("^(.*), (?:as in (v\\d+)|carried through (\\d+) versions? between)$"));
    if (const auto way = kOnTheWay.match(words); way.hasMatch()) {
        const QString place = placementReasonText(way.captured(1).toStdString());
        if (const QString version = way.captured(2); !version.isEmpty())
            return Words::tr("%1, as in %2", "why a statement stands there; a version where it stands so")
                .arg(place, version);
        return Words::tr("%1, carried through %n version(s) between", "why a statement stands there",
                         way.captured(3).toInt())
            .arg(place);
    }
    const QString noCounterpart = QStringLiteral("the old version has no counterpart of ");
    if (words.startsWith(noCounterpart))
        return Words::tr("the old version has no counterpart of %1", "names").arg(words.mid(noCounterpart.size()));
    const QString noFile = QStringLiteral("the old version has no file that resembles ");
    if (words.startsWith(noFile))
        return Words::tr("the old version has no file that resembles %1").arg(words.mid(noFile.size()));
    const auto* const known = std::find(kPlacementReasons.begin(), kPlacementReasons.end(), std::string_view(english));
    return known == kPlacementReasons.end() ? words : Words::tr(*known);
}

QString phaseText(const std::string& phase) {
    const QString name = fromUtf8(phase);
    if (name == QLatin1String("starting")) return Words::tr("starting", "phase of a worker");
    if (name == QLatin1String("import")) return Words::tr("importing", "phase of a worker");
    if (name == QLatin1String("prefix")) return Words::tr("running up to the loop", "phase of a worker");
    if (name == QLatin1String("restore")) return Words::tr("restoring a capture", "phase of a worker");
    const QString inQueue = QStringLiteral("waiting in Slurm's queue");
    if (name.startsWith(inQueue))
        return Words::tr("waiting in Slurm's queue%1", "phase of a worker; %1 is Slurm's reason")
            .arg(name.mid(inQueue.size()));
    if (name == QLatin1String("being submitted to Slurm"))
        return Words::tr("being submitted to Slurm", "phase of a worker");
    const QString connecting = QStringLiteral("connecting to ");
    if (name.startsWith(connecting))
        return Words::tr("connecting to %1", "phase of a worker").arg(name.mid(connecting.size()));
    const QString iteration = QStringLiteral("iteration ");
    if (name.startsWith(iteration))
        return Words::tr("iteration %1", "phase of a worker").arg(name.mid(iteration.size()));
    return name;
}

QString placementText(workspace::PlacementKind kind) {
    switch (kind) {
        case workspace::PlacementKind::Placed:
            return Words::tr("placed", "placement");
        case workspace::PlacementKind::ByHand:
            return Words::tr("by hand", "placement");
        case workspace::PlacementKind::AlreadyThere:
            return Words::tr("recorded", "placement");
        case workspace::PlacementKind::Conflict:
            return Words::tr("conflict", "placement");
        case workspace::PlacementKind::Skipped:
            return Words::tr("skipped", "placement");
    }
    return QString();
}

QString versionStateText(workspace::VersionState state) {
    switch (state) {
        case workspace::VersionState::Recording:
            return Words::tr("training", "version state");
        case workspace::VersionState::Complete:
            return Words::tr("complete", "version state");
        case workspace::VersionState::Incomplete:
            return Words::tr("incomplete", "version state");
        case workspace::VersionState::Crashed:
            return Words::tr("crashed", "version state");
    }
    return QString();
}

QString levelText(const std::vector<std::string>& loops) {
    if (loops.empty()) return Words::tr("once per run");
    const QString loop = fromUtf8(loops.back());
    if (loop == QLatin1String("epoch")) return Words::tr("per epoch");
    if (loop == QLatin1String("step")) return Words::tr("per step");
    if (loop == QLatin1String("batch")) return Words::tr("per batch");
    return Words::tr("per %1", "level of a metric, the name of its loop").arg(loop);
}

QString versionName(int number) {
    return QStringLiteral("v%1").arg(number);
}

}  // namespace hindcast::text
