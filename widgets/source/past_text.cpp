// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/past_text.h"

#include <algorithm>

#include "widgets/source/insertion_point.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr std::size_t kCandidates = 2;

void append(PastText& past, QStringList& lines, const QString& line, PastText::Line about) {
    lines.append(line);
    past.lines.push_back(std::move(about));
}

PastText withInserted(const workspace::PlacementView& placement) {
    PastText past;
    QStringList lines;
    int number = 0;
    int at = 0;
    for (const QString& line : text::fromUtf8(placement.splicedText).split(QLatin1Char('\n'))) {
        ++at;
        const bool inserted = at >= placement.firstLine && at <= placement.lastLine;
        append(past, lines, line,
               {inserted ? QString() : QString::number(++number),
                inserted ? PastText::Ground::Placed : PastText::Ground::None, QString()});
    }
    past.text = lines.join(QLatin1Char('\n'));
    past.focus = std::max(0, placement.firstLine - 1);
    return past;
}

/// The statement of a candidate, indented as the block it would stand in.
QString candidateLine(const workspace::CandidateView& candidate, const QStringList& original) {
    const QString statement = text::fromUtf8(candidate.statement);
    if (!indentOf(statement).isEmpty()) return statement.section(QLatin1Char('\n'), 0, 0);
    const int before = std::clamp(candidate.line - 1, 0, static_cast<int>(original.size()) - 1);
    return indentOf(original.value(before)) + statement.section(QLatin1Char('\n'), 0, 0);
}

PastText withCandidates(const workspace::PlacementView& placement) {
    PastText past;
    QStringList lines;
    const QStringList original = text::fromUtf8(placement.originalText).split(QLatin1Char('\n'));
    const std::size_t shown = std::min(kCandidates, placement.candidates.size());
    for (int at = 1; at <= original.size(); ++at) {
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& candidate = placement.candidates[i];
            if (candidate.line != at || candidate.file != placement.file) continue;
            if (i == 0) past.focus = static_cast<int>(lines.size());
            append(past, lines, candidateLine(candidate, original),
                   {QString(QChar(static_cast<char16_t>(u'A' + i))),
                    i == 0 ? PastText::Ground::Candidate : PastText::Ground::OtherCandidate,
                    QString::number(candidate.score, 'f', 2)});
        }
        append(past, lines, original[at - 1], {QString::number(at), PastText::Ground::None, QString()});
    }
    past.text = lines.join(QLatin1Char('\n'));
    return past;
}
}  // namespace

PastText pastText(const workspace::PlacementView& placement) {
    if (!placement.splicedText.empty()) return withInserted(placement);
    if (!placement.candidates.empty()) return withCandidates(placement);
    return plainText(text::fromUtf8(placement.originalText));
}

QString placedStatement(const workspace::PlacementView& placement) {
    if (placement.splicedText.empty()) {
        if (placement.candidates.empty()) return {};
        return indented(text::fromUtf8(placement.candidates.front().statement), QString());
    }
    const auto lines = text::fromUtf8(placement.splicedText).split(QLatin1Char('\n'));
    return indented(
        lines.mid(placement.firstLine - 1, placement.lastLine - placement.firstLine + 1).join(QLatin1Char('\n')),
        QString());
}

PastPlace placeBelow(const PastText& past, int belowLine) {
    const QStringList shown = past.text.split(QLatin1Char('\n'));
    QStringList original;
    int last = -1;
    for (int at = 0; at < shown.size() && at < static_cast<int>(past.lines.size()); ++at) {
        if (past.lines[static_cast<std::size_t>(at)].ground != PastText::Ground::None) continue;
        if (at <= belowLine) last = static_cast<int>(original.size());
        original.append(shown[at]);
    }
    if (last < 0) return {};
    const InsertionPoint point = insertionAfter(original, last);
    return {point.beforeLine, point.indent};
}

PastPlace placeOf(const workspace::PlacementView& placement) {
    if (placement.splicedText.empty()) {
        if (placement.candidates.empty()) return {};
        const auto& best = placement.candidates.front();
        return {best.line, indentOf(text::fromUtf8(best.statement))};
    }
    const auto lines = text::fromUtf8(placement.splicedText).split(QLatin1Char('\n'));
    return {placement.firstLine, indentOf(lines.value(placement.firstLine - 1))};
}

QString indented(const QString& statement, const QString& indent) {
    QStringList lines = statement.split(QLatin1Char('\n'));
    while (!lines.isEmpty() && lines.last().trimmed().isEmpty()) lines.removeLast();
    qsizetype shared = -1;
    for (const QString& line : std::as_const(lines)) {
        if (line.trimmed().isEmpty()) continue;
        const auto own = indentOf(line).size();
        shared = shared < 0 ? own : std::min(shared, own);
    }
    for (QString& line : lines)
        line = line.trimmed().isEmpty() ? QString() : indent + line.mid(std::max<qsizetype>(0, shared));
    return lines.join(QLatin1Char('\n'));
}

PastText plainText(const QString& text) {
    PastText past;
    if (text.isEmpty()) return past;
    past.text = text;
    const auto count = text.count(QLatin1Char('\n')) + 1;
    for (qsizetype i = 1; i <= count; ++i)
        past.lines.push_back({QString::number(i), PastText::Ground::None, QString()});
    return past;
}

}  // namespace hindcast::source
