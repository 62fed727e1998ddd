// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/tokens.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

// The resource lives in a static library: without this call the linker would drop it. Must stand outside namespaces.
static void loadLookResource() {
    Q_INIT_RESOURCE(hindcast_look);
}

namespace hindcast::look {

namespace {

constexpr std::array<const char*, kColorCount> kColorNames = {"surface.app",
                                                              "surface.panel",
                                                              "surface.sunken",
                                                              "surface.raised",
                                                              "surface.hover",
                                                              "surface.selected",
                                                              "surface.selectedInactive",
                                                              "surface.tooltip",
                                                              "line.hair",
                                                              "line.strong",
                                                              "line.control",
                                                              "line.grid",
                                                              "line.axis",
                                                              "text.primary",
                                                              "text.secondary",
                                                              "text.tertiary",
                                                              "text.disabled",
                                                              "text.onAccent",
                                                              "text.onTooltip",
                                                              "accent",
                                                              "accent.hover",
                                                              "accent.pressed",
                                                              "accent.text",
                                                              "accent.soft",
                                                              "focus",
                                                              "status.ok",
                                                              "status.ok.mark",
                                                              "status.ok.bg",
                                                              "status.warn",
                                                              "status.warn.mark",
                                                              "status.warn.bg",
                                                              "status.error",
                                                              "status.error.mark",
                                                              "status.error.bg",
                                                              "status.info",
                                                              "status.info.mark",
                                                              "status.info.bg",
                                                              "status.diverged",
                                                              "status.diverged.mark",
                                                              "status.diverged.bg",
                                                              "cell.logged",
                                                              "cell.captured",
                                                              "cell.replayed",
                                                              "cell.running",
                                                              "cell.queued",
                                                              "cell.failed",
                                                              "cell.diverged",
                                                              "cell.alerting",
                                                              "cell.stale",
                                                              "cursor.a",
                                                              "cursor.b",
                                                              "threshold",
                                                              "code.text",
                                                              "code.keyword",
                                                              "code.string",
                                                              "code.number",
                                                              "code.comment",
                                                              "code.function",
                                                              "code.probe.bg"};

struct SizePath {
    const char* name;  ///< as written in style.qss
    const char* path;  ///< in tokens.json
};
constexpr std::array<SizePath, kSizeCount> kSizePaths = {
    {{"menubar", "size/menubar"},
     {"toolbar", "size/toolbar"},
     {"statusbar", "size/statusbar"},
     {"dockHeader", "size/dockHeader"},
     {"dockGap", "size/dockGap"},
     {"windowMargin", "size/windowMargin"},
     {"button", "size/button"},
     {"buttonSmall", "size/buttonSmall"},
     {"buttonLarge", "size/buttonLarge"},
     {"field", "size/field"},
     {"tableHeader", "size/tableHeader"},
     {"tableRow", "size/tableRow"},
     {"listRow", "size/listRow"},
     {"queueRow", "size/queueRow"},
     {"badge", "size/badge"},
     {"chip", "size/chip"},
     {"iconSmall", "size/iconSmall"},
     {"icon", "size/icon"},
     {"iconLarge", "size/iconLarge"},
     {"hitMin", "size/hitMin"},
     {"recordLane", "size/recordLane"},
     {"hindsightLane", "size/hindsightLane"},
     {"captureTick", "size/captureTick"},
     {"timelineRowOverview", "size/timelineRow/overviewMin"},
     {"timelineRowEpoch", "size/timelineRow/epoch"},
     {"timelineRowComfortable", "size/timelineRow/epochComfortable"},
     {"timelineRowStep", "size/timelineRow/step"},
     {"scrubberWidth", "size/scrubberHandle/w"},
     {"scrubberHeight", "size/scrubberHandle/h"},
     {"focusRing", "size/focusRing"},
     {"focusOffset", "size/focusOffset"},
     {"radiusCell", "radius/cell"},
     {"radiusControl", "radius/control"},
     {"radiusChip", "radius/chip"},
     {"radiusDock", "radius/dock"},
     {"radiusPopup", "radius/popup"},
     {"radiusTooltip", "radius/tooltip"},
     {"markSpacing", "mark/minSpacingPx"}}};

constexpr std::array<const char*, kMeasureCount> kMeasurePaths = {
    "stroke/series.dim", "stroke/series.emphasis", "stroke/cursor",       "stroke/threshold",
    "stroke/marker",     "mark/radiusPx/line",     "mark/radiusPx/hover", "mark/radiusPx/sparse",
    "alpha/envelope",    "motion/liveRepaintHz",   "motion/progressHz",   "motion/viewJumpMs"};

[[noreturn]] void missing(const QString& what) {
    qFatal("resources/look/tokens.json lacks %s", qPrintable(what));
}

QJsonObject readDocument() {
    loadLookResource();
    QFile file(QStringLiteral(":/hindcast/look/tokens.json"));
    if (!file.open(QIODevice::ReadOnly)) missing(QStringLiteral("itself"));
    return QJsonDocument::fromJson(file.readAll()).object();
}

const QJsonObject& document() {
    static const QJsonObject root = readDocument();
    return root;
}

double numberAt(const char* path) {
    QJsonValue value = document();
    for (const QString& key : QString::fromLatin1(path).split(QLatin1Char('/'))) value = value.toObject().value(key);
    if (!value.isDouble()) missing(QString::fromLatin1(path));
    return value.toDouble();
}

QColor requireColor(const QJsonValue& value, const QString& name) {
    const QColor color(value.toString());
    if (!color.isValid()) missing(name);
    return color;
}

QColor mixed(const QColor& from, const QColor& to, double share) {
    const auto channel = [share](double a, double b) { return static_cast<float>(a + (b - a) * share); };
    return QColor::fromRgbF(channel(from.redF(), to.redF()), channel(from.greenF(), to.greenF()),
                            channel(from.blueF(), to.blueF()));
}

}  // namespace

Tokens::Tokens(ThemeKind kind) : m_kind(kind) {
    readColors(document());
}

void Tokens::readColors(const QJsonObject& root) {
    const QString name = m_kind == ThemeKind::Light ? QStringLiteral("light") : QStringLiteral("dark");
    const QJsonObject colors = root.value(QStringLiteral("color")).toObject().value(name).toObject();
    for (std::size_t i = 0; i < kColorNames.size(); ++i) {
        const QString token = QString::fromLatin1(kColorNames[i]);
        m_colors[i] = requireColor(colors.value(token), token);
    }
    const QJsonObject chart = root.value(QStringLiteral("chart")).toObject().value(name).toObject();
    for (const QJsonValue& value : chart.value(QStringLiteral("series")).toArray())
        m_series.push_back(requireColor(value, QStringLiteral("chart series")));
    for (const QJsonValue& value : chart.value(QStringLiteral("ramp")).toArray())
        m_ramp.push_back(requireColor(value, QStringLiteral("chart ramp")));
    if (m_series.empty() || m_ramp.size() < 2) missing(QStringLiteral("chart colours"));
    m_dimAlpha = chart.value(QStringLiteral("dimAlpha")).toDouble();
    m_ghostAlpha = numberAt(m_kind == ThemeKind::Light ? "alpha/ghostRaw/light" : "alpha/ghostRaw/dark");
}

const Tokens& Tokens::of(ThemeKind kind) {
    static const Tokens light(ThemeKind::Light);
    static const Tokens dark(ThemeKind::Dark);
    return kind == ThemeKind::Light ? light : dark;
}

QColor Tokens::color(Color token, double alpha) const {
    QColor result = color(token);
    result.setAlphaF(static_cast<float>(alpha));
    return result;
}

QColor Tokens::text(Meaning meaning) const {
    switch (meaning) {
        case Meaning::Neutral:
            return color(Color::TextSecondary);
        case Meaning::Accent:
            return color(Color::AccentText);
        case Meaning::Ok:
            return color(Color::Ok);
        case Meaning::Warn:
            return color(Color::Warn);
        case Meaning::Error:
            return color(Color::Error);
        case Meaning::Info:
            return color(Color::Info);
        case Meaning::Diverged:
            return color(Color::Diverged);
    }
    return {};
}

QColor Tokens::mark(Meaning meaning) const {
    switch (meaning) {
        case Meaning::Neutral:
            return color(Color::TextTertiary);
        case Meaning::Accent:
            return color(Color::Accent);
        case Meaning::Ok:
            return color(Color::OkMark);
        case Meaning::Warn:
            return color(Color::WarnMark);
        case Meaning::Error:
            return color(Color::ErrorMark);
        case Meaning::Info:
            return color(Color::InfoMark);
        case Meaning::Diverged:
            return color(Color::DivergedMark);
    }
    return {};
}

QColor Tokens::ground(Meaning meaning) const {
    switch (meaning) {
        case Meaning::Neutral:
            return color(Color::SurfaceSelectedInactive);
        case Meaning::Accent:
            return color(Color::AccentSoft);
        case Meaning::Ok:
            return color(Color::OkGround);
        case Meaning::Warn:
            return color(Color::WarnGround);
        case Meaning::Error:
            return color(Color::ErrorGround);
        case Meaning::Info:
            return color(Color::InfoGround);
        case Meaning::Diverged:
            return color(Color::DivergedGround);
    }
    return {};
}

QColor Tokens::series(int index) const {
    const int count = static_cast<int>(m_series.size());
    return m_series[static_cast<std::size_t>(((index % count) + count) % count)];
}

QColor Tokens::ramp(double position) const {
    const double scaled = std::clamp(position, 0.0, 1.0) * static_cast<double>(m_ramp.size() - 1);
    const std::size_t lower = std::min(static_cast<std::size_t>(scaled), m_ramp.size() - 2);
    return mixed(m_ramp[lower], m_ramp[lower + 1], scaled - static_cast<double>(lower));
}

QString Tokens::fill(const QString& styleTemplate) const {
    static const QRegularExpression placeholder(QStringLiteral("@([A-Za-z:.]+)@"));
    QString result;
    qsizetype done = 0;
    for (auto it = placeholder.globalMatch(styleTemplate); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString name = match.captured(1);
        result += styleTemplate.mid(done, match.capturedStart() - done);
        done = match.capturedEnd();
        if (name == QLatin1String("name") || name == QLatin1String("px:name")) continue;  // the sheet's own comment
        if (name.startsWith(QLatin1String("px:"))) {
            const auto size = std::find_if(kSizePaths.begin(), kSizePaths.end(),
                                           [&](const SizePath& s) { return name.mid(3) == QLatin1String(s.name); });
            if (size == kSizePaths.end()) missing(name);
            result += QString::number(px(static_cast<Size>(size - kSizePaths.begin())));
        } else {
            const auto found = std::find_if(kColorNames.begin(), kColorNames.end(),
                                            [&](const char* c) { return name == QLatin1String(c); });
            if (found == kColorNames.end()) missing(name);
            result += m_colors[static_cast<std::size_t>(found - kColorNames.begin())].name();
        }
    }
    return result + styleTemplate.mid(done);
}

int px(Size size) {
    static const auto values = [] {
        std::array<int, kSizeCount> result{};
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = static_cast<int>(std::lround(numberAt(kSizePaths[i].path)));
        return result;
    }();
    return values[static_cast<std::size_t>(size)];
}

double measure(Measure which) {
    static const auto values = [] {
        std::array<double, kMeasureCount> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = numberAt(kMeasurePaths[i]);
        return result;
    }();
    return values[static_cast<std::size_t>(which)];
}

const char* tokenName(Color color) {
    return kColorNames[static_cast<std::size_t>(color)];
}

}  // namespace hindcast::look
