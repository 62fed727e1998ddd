// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/insertion_point.h"

#include <QRegularExpression>
#include <algorithm>

namespace hindcast::source {

namespace {
bool isBlank(const QString& line) {
    const QString trimmed = line.trimmed();
    return trimmed.isEmpty() || trimmed.startsWith(QLatin1Char('#'));
}

/// Open brackets minus closed ones, strings and comments left out.
int bracketBalance(const QString& line) {
    int balance = 0;
    QChar quote;
    for (int i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        if (!quote.isNull()) {
            if (c == QLatin1Char('\\'))
                ++i;
            else if (c == quote)
                quote = QChar();
            continue;
        }
        if (c == QLatin1Char('#')) break;
        if (c == QLatin1Char('"') || c == QLatin1Char('\''))
            quote = c;
        else if (QStringView(u"([{").contains(c))
            ++balance;
        else if (QStringView(u")]}").contains(c))
            --balance;
    }
    return balance;
}

int lastLineOfStatement(const QStringList& lines, int line) {
    int balance = 0;
    for (int at = line; at < lines.size(); ++at) {
        balance += bracketBalance(lines[at]);
        if (balance <= 0 && !lines[at].trimmed().endsWith(QLatin1Char('\\'))) return at;
    }
    return line;
}
}  // namespace

QString indentOf(const QString& line) {
    const auto first = std::find_if(line.begin(), line.end(), [](QChar c) { return !c.isSpace(); });
    return line.left(first - line.begin());
}

InsertionPoint insertionAfter(const QStringList& lines, int line) {
    if (lines.isEmpty()) return {1, QString()};
    int at = std::clamp(line, 0, static_cast<int>(lines.size()) - 1);
    while (at > 0 && isBlank(lines[at])) --at;
    const int last = lastLineOfStatement(lines, at);
    const bool opensBlock = lines[last].section(QLatin1Char('#'), 0, 0).trimmed().endsWith(QLatin1Char(':'));
    if (!opensBlock) return {last + 2, indentOf(lines[at])};
    int inside = last + 1;
    while (inside < lines.size() && isBlank(lines[inside])) ++inside;
    const QString indent = inside < lines.size() ? indentOf(lines[inside]) : QString();
    const QString least = indentOf(lines[at]) + QStringLiteral("    ");
    return {last + 2, indent.size() > indentOf(lines[at]).size() ? indent : least};
}

bool isLogStatement(const QString& text) {
    static const QRegularExpression kLog(QStringLiteral("(^|[^\\w.])(\\w+\\.)?log\\s*\\("));
    static const QRegularExpression kStatement(QStringLiteral("^\\s*(for|if|with|while|try|import|from|def)\\b|\\n"));
    const auto log = kLog.match(text);
    if (!log.hasMatch()) return false;
    // math.log(x) is an expression; hc.log("name", …) has a text first.
    static const QRegularExpression kNamed(QStringLiteral("log\\s*\\(\\s*[fFrR]?[\"']"));
    return kNamed.match(text).hasMatch() || kStatement.match(text).hasMatch();
}

QString suggestedName(const QString& expression) {
    static const QRegularExpression kWord(QStringLiteral("[A-Za-z_]\\w*"));
    static const QStringList kWithoutMeaning{QStringLiteral("item"),  QStringLiteral("cpu"),   QStringLiteral("detach"),
                                             QStringLiteral("float"), QStringLiteral("int"),   QStringLiteral("self"),
                                             QStringLiteral("numpy"), QStringLiteral("tolist")};
    QString name;
    for (auto words = kWord.globalMatch(expression); words.hasNext();) {
        const QString word = words.next().captured();
        if (!kWithoutMeaning.contains(word)) name = word;
    }
    return name;
}

}  // namespace hindcast::source
