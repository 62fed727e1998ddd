// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/quantities.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <cmath>

namespace hindcast::text {

namespace {
/// The context of the sentences in this file.
class Quantities {
    Q_DECLARE_TR_FUNCTIONS(Quantities)
};

QDateTime momentOf(std::int64_t micros) {
    return QDateTime::fromMSecsSinceEpoch(micros / 1000);
}
}  // namespace

QString durationText(double seconds) {
    if (seconds < 0) return Quantities::tr("–");
    if (seconds < 9.95) return Quantities::tr("%1 s").arg(QString::number(seconds, 'f', 1));
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60) return Quantities::tr("%1 s").arg(whole);
    if (whole < 3600) {
        const QString minutes = Quantities::tr("%1 min").arg(whole / 60);
        return whole % 60 == 0 ? minutes
                               : Quantities::tr("%1 %2", "minutes and seconds")
                                     .arg(minutes, Quantities::tr("%1 s").arg(whole % 60));
    }
    const QString hours = Quantities::tr("%1 h").arg(whole / 3600);
    const auto minutes = (whole % 3600) / 60;
    return minutes == 0
               ? hours
               : Quantities::tr("%1 %2", "minutes and seconds").arg(hours, Quantities::tr("%1 min").arg(minutes));
}

QString estimateText(const workspace::Estimate& estimate) {
    if (estimate.seconds < 9.95) {
        return Quantities::tr("%1 s ± %2")
            .arg(QString::number(estimate.seconds, 'f', 1), QString::number(estimate.plusMinus, 'f', 1));
    }
    if (estimate.seconds < 60)
        return Quantities::tr("%1 s ± %2").arg(std::llround(estimate.seconds)).arg(std::llround(estimate.plusMinus));
    return Quantities::tr("%1 ± %2", "duration and its uncertainty")
        .arg(durationText(estimate.seconds), durationText(estimate.plusMinus));
}

QString timeLeftText(double seconds) {
    if (seconds < 0) return Quantities::tr("time left unknown");
    return Quantities::tr("%1 left").arg(durationText(std::ceil(seconds)));
}

std::optional<double> secondsOfText(const QString& text) {
    static const QRegularExpression kPart(QStringLiteral("^\\s*([0-9]+(?:[.,][0-9]+)?)\\s*([^0-9\\s.,]*)\\s*"));
    const auto unit = [](const QString& word) -> std::optional<double> {
        const auto is = [&](std::initializer_list<const char*> words, const QString& own) {
            return word == own.arg(QString()).trimmed() ||
                   std::any_of(words.begin(), words.end(),
                               [&](const char* each) { return word == QLatin1String(each); });
        };
        if (word.isEmpty() || is({"s", "sec", "second", "seconds"}, Quantities::tr("%1 s"))) return 1;
        if (is({"m", "min", "minute", "minutes"}, Quantities::tr("%1 min"))) return 60;
        if (is({"h", "hour", "hours"}, Quantities::tr("%1 h"))) return 3600;
        if (is({"d", "day", "days"}, Quantities::tr("%1 d", "days"))) return 86400;
        return std::nullopt;
    };
    double seconds = 0;
    QString rest = text;
    while (!rest.trimmed().isEmpty()) {
        const auto part = kPart.match(rest);
        const auto factor = part.hasMatch() ? unit(part.captured(2).toLower()) : std::nullopt;
        if (!factor) return std::nullopt;
        seconds += part.captured(1).replace(QLatin1Char(','), QLatin1Char('.')).toDouble() * *factor;
        rest = rest.mid(part.capturedLength());
    }
    return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

QString amountText(const workspace::Amount& amount) {
    return QLocale().toString(amount.value, 'f', 2);
}

QString bytesText(std::int64_t bytes) {
    static constexpr std::array<const char*, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
    double amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 999.5 && unit + 1 < kUnits.size()) {
        amount /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && amount < 9.95 ? 1 : 0;
    return QStringLiteral("%1 %2").arg(QString::number(amount, 'f', decimals), QLatin1String(kUnits.at(unit)));
}

QString dayText(std::int64_t micros) {
    if (micros <= 0) return QString();
    const QDate day = momentOf(micros).date();
    const bool recent = day.daysTo(QDate::currentDate()) < 300;
    return day.toString(recent ? QStringLiteral("MM-dd") : QStringLiteral("yyyy-MM-dd"));
}

QString momentText(std::int64_t micros) {
    return micros <= 0 ? QString() : momentOf(micros).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
}

}  // namespace hindcast::text
