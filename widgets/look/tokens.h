// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <array>
#include <cstdint>
#include <vector>

class QJsonObject;

namespace hindcast::look {

enum class ThemeKind : std::uint8_t { Light, Dark };

/// Every colour that the window may use. Values come from resources/look/tokens.json.
enum class Color : std::uint8_t {
    SurfaceApp,
    SurfacePanel,
    SurfaceSunken,
    SurfaceRaised,
    SurfaceHover,
    SurfaceSelected,
    SurfaceSelectedInactive,
    SurfaceTooltip,
    LineHair,
    LineStrong,
    LineControl,
    LineGrid,
    LineAxis,
    TextPrimary,
    TextSecondary,
    TextTertiary,
    TextDisabled,
    TextOnAccent,
    TextOnTooltip,
    Accent,
    AccentHover,
    AccentPressed,
    AccentText,
    AccentSoft,
    Focus,
    Ok,
    OkMark,
    OkGround,
    Warn,
    WarnMark,
    WarnGround,
    Error,
    ErrorMark,
    ErrorGround,
    Info,
    InfoMark,
    InfoGround,
    Diverged,
    DivergedMark,
    DivergedGround,
    CellLogged,
    CellCaptured,
    CellReplayed,
    CellRunning,
    CellQueued,
    CellFailed,
    CellDiverged,
    CellAlerting,
    CellStale,
    CursorA,
    CursorB,
    Threshold,
    CodeText,
    CodeKeyword,
    CodeString,
    CodeNumber,
    CodeComment,
    CodeFunction,
    CodeProbeGround
};
inline constexpr int kColorCount = static_cast<int>(Color::CodeProbeGround) + 1;

/// Lengths in logical pixels.
enum class Size : std::uint8_t {
    MenuBar,
    ToolBar,
    StatusBar,
    DockHeader,
    DockGap,
    WindowMargin,
    Button,
    ButtonSmall,
    ButtonLarge,
    Field,
    TableHeader,
    TableRow,
    ListRow,
    QueueRow,
    Badge,
    Chip,
    IconSmall,
    Icon,
    IconLarge,
    HitMin,
    RecordLane,
    HindsightLane,
    CaptureTick,
    TimelineRowOverview,
    TimelineRowEpoch,
    TimelineRowComfortable,
    TimelineRowStep,
    ScrubberWidth,
    ScrubberHeight,
    FocusRing,
    FocusOffset,
    RadiusCell,
    RadiusControl,
    RadiusChip,
    RadiusDock,
    RadiusPopup,
    RadiusTooltip,
    MarkSpacing
};
inline constexpr int kSizeCount = static_cast<int>(Size::MarkSpacing) + 1;

/// Line widths, mark radii (logical pixels), opacities (0-1) and rates.
enum class Measure : std::uint8_t {
    StrokeDim,
    StrokeEmphasis,
    StrokeCursor,
    StrokeThreshold,
    StrokeMarker,
    MarkLine,
    MarkHover,
    MarkSparse,
    EnvelopeAlpha,
    LiveRepaintHz,
    ProgressHz,
    ViewJumpMs
};
inline constexpr int kMeasureCount = static_cast<int>(Measure::ViewJumpMs) + 1;

/// What a state means. Always shown by colour, shape and word together.
enum class Meaning : std::uint8_t { Neutral, Accent, Ok, Warn, Error, Info, Diverged };

/// The colours and measures of one theme. Immutable; both themes are read once from the program's resources.
/// A resource that misses a token is a build error and ends the program with a message that names it.
class Tokens {
public:
    static const Tokens& of(ThemeKind kind);

    ThemeKind kind() const { return m_kind; }
    QColor color(Color token) const { return m_colors[static_cast<std::size_t>(token)]; }
    QColor color(Color token, double alpha) const;
    /// Text, graphics and ground colour of a meaning.
    QColor text(Meaning meaning) const;
    QColor mark(Meaning meaning) const;
    QColor ground(Meaning meaning) const;
    /// Colour of the emphasised series `index`; eight colours, then they repeat.
    QColor series(int index) const;
    int seriesCount() const { return static_cast<int>(m_series.size()); }
    /// Ordered ramp for many versions, 0 = oldest, 1 = newest.
    QColor ramp(double position) const;
    /// Opacity of lines that are not emphasised, and of the raw line behind a smoothed one.
    double dimAlpha() const { return m_dimAlpha; }
    double ghostAlpha() const { return m_ghostAlpha; }

    /// Replaces @token@ by #RRGGBB and @px:name@ by a number. Unknown names end the program.
    QString fill(const QString& styleTemplate) const;

private:
    explicit Tokens(ThemeKind kind);
    void readColors(const QJsonObject& root);

    ThemeKind m_kind;
    std::array<QColor, kColorCount> m_colors;
    std::vector<QColor> m_series;
    std::vector<QColor> m_ramp;
    double m_dimAlpha = 0.0;
    double m_ghostAlpha = 0.0;
};

/// Same in both themes.
int px(Size size);
double measure(Measure which);

/// Name in tokens.json, e.g. "surface.app".
const char* tokenName(Color color);

}  // namespace hindcast::look
