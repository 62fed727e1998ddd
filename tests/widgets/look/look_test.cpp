// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDirIterator>
#include <QFile>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <cmath>
#include <functional>

#include "widgets/look/focus_ring.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/provenance.h"
#include "widgets/look/theme.h"

using namespace hindcast::look;

namespace {

QJsonObject tokenDocument() {
    QFile file(QStringLiteral(":/hindcast/look/tokens.json"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

QImage drawn(const std::function<void(QPainter&)>& paint, QSize size = {40, 40}) {
    QImage image(size, QImage::Format_ARGB32_Premultiplied);
    image.fill(color(Color::SurfacePanel));
    QPainter painter(&image);
    paint(painter);
    return image;
}

/// Parts of the image in this very colour.
int countOf(const QImage& image, const QColor& wanted, QRect where = {}) {
    int count = 0;
    const QRect box = where.isNull() ? image.rect() : where;
    for (int y = box.top(); y <= box.bottom(); ++y)
        for (int x = box.left(); x <= box.right(); ++x)
            if (image.pixelColor(x, y).rgb() == wanted.rgb()) ++count;
    return count;
}

}  // namespace

class LookTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { Theme::instance().apply(ThemeKind::Light); }
    void everyColourTokenComesFromTheDocumentInBothThemes();
    void theStyleSheetHasNoPlaceholderLeft();
    void switchingTheThemeChangesPaletteSheetAndTellsEverybody();
    void everyIconNamedInTheDesignExistsAndHasNoColourOfItsOwn();
    void anIconFollowsThemeAndStateAndIsSharpAtEveryScale();
    void numbersUseTheRealMinusAndTellNanAndInfinity();
    void aSmallNumberIsNeverShownAsZero();
    void aColumnSharesOneNumberOfDecimals();
    void digitsStandInColumns();
    void sourceIsTheShapeAndFidelityTheFillOfAMark();
    void theFontsOfTheDesignAreFoundAndJapaneseHasGlyphs();
    void theFocusRingFollowsKeysAndNotClicks();
    void aSmallButtonIsSmall();
    void noSourceHoldsALiteralColour();
    void everyStylePropertySetInASourceIsOneThatTheSheetKnows();
};

void LookTest::everyColourTokenComesFromTheDocumentInBothThemes() {
    const QJsonObject colors = tokenDocument().value(QStringLiteral("color")).toObject();
    for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
        const QString name = kind == ThemeKind::Light ? QStringLiteral("light") : QStringLiteral("dark");
        const QJsonObject theme = colors.value(name).toObject();
        QCOMPARE(theme.size(), kColorCount);
        for (int i = 0; i < kColorCount; ++i) {
            const auto token = static_cast<Color>(i);
            const QString written = theme.value(QString::fromLatin1(tokenName(token))).toString();
            QCOMPARE(Tokens::of(kind).color(token), QColor(written));
        }
    }
}

void LookTest::theStyleSheetHasNoPlaceholderLeft() {
    const QString sheet = qApp->styleSheet();
    QVERIFY(sheet.contains(QStringLiteral("#4a50c8")));
    QVERIFY2(!sheet.contains(QRegularExpression(QStringLiteral("@[a-zA-Z]"))), qPrintable(sheet));
    QVERIFY(sheet.count(QLatin1Char('\n')) <= 120);
}

void LookTest::switchingTheThemeChangesPaletteSheetAndTellsEverybody() {
    QSignalSpy changed(&Theme::instance(), &Theme::changed);
    QPushButton button(QStringLiteral("Replay"));
    button.resize(100, 30);
    const QColor before = button.grab().toImage().pixelColor(50, 4);
    Theme::instance().apply(ThemeKind::Dark);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Tokens::of(ThemeKind::Dark).color(Color::SurfaceApp));
    const QColor after = button.grab().toImage().pixelColor(50, 4);
    QCOMPARE(before, Tokens::of(ThemeKind::Light).color(Color::SurfacePanel));
    QCOMPARE(after, Tokens::of(ThemeKind::Dark).color(Color::SurfacePanel));
}

void LookTest::everyIconNamedInTheDesignExistsAndHasNoColourOfItsOwn() {
    const QJsonArray names =
        tokenDocument().value(QStringLiteral("icon")).toObject().value(QStringLiteral("names")).toArray();
    QVERIFY(names.size() > 60);
    for (const QJsonValue& value : names) {
        const QString name = value.toString();
        QVERIFY2(IconSet::exists(name), qPrintable(name));
        QFile file(QStringLiteral(":/hindcast/icons/%1.svg").arg(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY2(svg.contains(QStringLiteral("currentColor")), qPrintable(name));
        QVERIFY2(!svg.contains(QRegularExpression(QStringLiteral("#[0-9a-fA-F]{3}"))), qPrintable(name));
    }
}

void LookTest::anIconFollowsThemeAndStateAndIsSharpAtEveryScale() {
    const QIcon icon = IconSet::instance().icon(QStringLiteral("stop"));
    const auto strongest = [](const QPixmap& pixmap) {
        const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
        QColor best(Qt::transparent);
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y).alpha() > best.alpha()) best = image.pixelColor(x, y);
        return best;
    };
    QCOMPARE(strongest(icon.pixmap(16)).rgb(), color(Color::TextTertiary).rgb());
    QCOMPARE(strongest(icon.pixmap(QSize(16, 16), QIcon::Normal, QIcon::On)).rgb(), color(Color::AccentText).rgb());
    QCOMPARE(strongest(icon.pixmap(QSize(16, 16), QIcon::Disabled)).rgb(), color(Color::TextDisabled).rgb());
    Theme::instance().apply(ThemeKind::Dark);
    QCOMPARE(strongest(icon.pixmap(16)).rgb(), Tokens::of(ThemeKind::Dark).color(Color::TextTertiary).rgb());
    const QPixmap doubled = icon.pixmap(QSize(16, 16), 2.0);
    QCOMPARE(doubled.size(), QSize(32, 32));
    QCOMPARE(doubled.devicePixelRatio(), 2.0);
}

void LookTest::numbersUseTheRealMinusAndTellNanAndInfinity() {
    QCOMPARE(formatNumber(-0.0392, {.decimals = 3}), QStringLiteral("\u22120.039"));
    QCOMPARE(formatNumber(0.049, {.decimals = 3, .plusSign = true}), QStringLiteral("+0.049"));
    QCOMPARE(formatNumber(0.0, {.decimals = 3, .plusSign = true}), QStringLiteral("0.000"));
    QCOMPARE(formatNumber(NAN), QStringLiteral("NaN"));
    QCOMPARE(formatNumber(INFINITY), QStringLiteral("+\u221E"));
    QCOMPARE(formatNumber(-INFINITY), QStringLiteral("\u2212\u221E"));
    QCOMPARE(formatNumber(17), QStringLiteral("17"));
    QCOMPARE(formatNumber(123456.0), QStringLiteral("123456"));
}

void LookTest::aSmallNumberIsNeverShownAsZero() {
    QCOMPARE(formatNumber(1.25e-7, {.decimals = 3}), QStringLiteral("1.25e\u22127"));
    QCOMPARE(formatNumber(-1e-300), QStringLiteral("\u22121e\u2212300"));
    QCOMPARE(formatNumber(0.0005, {.decimals = 3}), QStringLiteral("0.001"));
}

void LookTest::aColumnSharesOneNumberOfDecimals() {
    const double close[] = {0.9312, 0.9337, 0.9340};
    QCOMPARE(decimalsFor(close), 5);
    const double wide[] = {4.09, 1.53, 120.0};
    QCOMPARE(decimalsFor(wide), 0);
    const double whole[] = {3, 17, 250};
    QCOMPARE(decimalsFor(whole), 0);
    const double odd[] = {NAN, INFINITY};
    QCOMPARE(decimalsFor(odd), 0);
}

void LookTest::digitsStandInColumns() {
    const QFont face = font(TextRole::Body);
    const NumberPainter numbers(face);
    QCOMPARE(numbers.width(QStringLiteral("1111")), numbers.width(QStringLiteral("8888")));
    QCOMPARE(numbers.width(QStringLiteral("\u22121")), numbers.width(QStringLiteral("88")));
    // Right aligned, the last digits of 0.111 and 0.888 fill the same cell.
    const auto lastInk = [&](const QString& text) {
        const QImage image = drawn(
            [&](QPainter& painter) {
                painter.setPen(color(Color::TextPrimary));
                numbers.draw(painter, QRectF(0, 0, 80, 20), Qt::AlignRight | Qt::AlignVCenter, text);
            },
            {80, 20});
        int inkLeft = 80;
        for (int x = 79; x > 40; --x)
            for (int y = 0; y < 20; ++y)
                if (image.pixelColor(x, y) != color(Color::SurfacePanel)) inkLeft = std::min(inkLeft, x);
        return inkLeft;
    };
    const double cell = numbers.width(QStringLiteral("8"));
    QVERIFY(std::abs(lastInk(QStringLiteral("8")) - lastInk(QStringLiteral("1"))) < cell);
}

void LookTest::sourceIsTheShapeAndFidelityTheFillOfAMark() {
    const QColor ink = tokens().series(0);
    const QPointF centre(20.5, 20.5);
    const auto mark = [&](Source source, Fidelity fidelity) {
        return drawn([&](QPainter& painter) { paintMark(painter, centre, 8, source, fidelity, ink); });
    };
    // Exact is filled, unverified shows the panel inside, numeric is filled on its left only.
    QCOMPARE(mark(Source::Replayed, Fidelity::Exact).pixelColor(20, 20).rgb(), ink.rgb());
    QCOMPARE(mark(Source::Replayed, Fidelity::ExactLogs).pixelColor(20, 20).rgb(), ink.rgb());
    QCOMPARE(mark(Source::Replayed, Fidelity::Unverified).pixelColor(20, 20), color(Color::SurfacePanel));
    const QImage numeric = mark(Source::Replayed, Fidelity::Numeric);
    QCOMPARE(numeric.pixelColor(17, 20).rgb(), ink.rgb());
    QCOMPARE(numeric.pixelColor(24, 20), color(Color::SurfacePanel));
    // A recorded value needs no check: it is always filled.
    QCOMPARE(mark(Source::Recorded, Fidelity::Unverified).pixelColor(20, 20).rgb(), ink.rgb());
    // Diverged has its own colour and nothing of the version's.
    const QImage diverged = mark(Source::Replayed, Fidelity::Diverged);
    QCOMPARE(countOf(diverged, ink), 0);
    QVERIFY(countOf(diverged, color(Color::DivergedMark)) > 4);
    // The four shapes differ in the same place: the corner of the square.
    QCOMPARE(mark(Source::Derived, Fidelity::Exact).pixelColor(14, 14).rgb(), ink.rgb());
    QCOMPARE(mark(Source::Recorded, Fidelity::Exact).pixelColor(13, 13), color(Color::SurfacePanel));
    QCOMPARE(mark(Source::Replayed, Fidelity::Exact).pixelColor(13, 13), color(Color::SurfacePanel));
    QCOMPARE(mark(Source::Imported, Fidelity::Exact).pixelColor(13, 13), color(Color::SurfacePanel));
    QCOMPARE(mark(Source::Imported, Fidelity::Exact).pixelColor(14, 26).rgb(), ink.rgb());
}

void LookTest::theFontsOfTheDesignAreFoundAndJapaneseHasGlyphs() {
    QCOMPARE(QFontInfo(font(TextRole::Body)).family(), QStringLiteral("Inter"));
    QCOMPARE(QFontInfo(font(TextRole::Code)).family(), QStringLiteral("JetBrains Mono"));
    QFont japanese(QStringLiteral("Noto Sans CJK JP"));
    QVERIFY(QFontMetricsF(japanese).inFont(u'配'));
    QCOMPARE(font(TextRole::Caption).pixelSize(), 11);
    QVERIFY(rowHeight(Size::TableRow, QFontMetrics(font(TextRole::Body))) >= 26);
}

void LookTest::theFocusRingFollowsKeysAndNotClicks() {
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    auto* first = new QPushButton(QStringLiteral("first"));
    auto* second = new QPushButton(QStringLiteral("second"));
    auto* field = new QLineEdit;
    for (QWidget* widget : {static_cast<QWidget*>(first), static_cast<QWidget*>(second), static_cast<QWidget*>(field)})
        layout->addWidget(widget);
    FocusRing ring;
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    first->setFocus(Qt::OtherFocusReason);
    QTest::keyClick(first, Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), second);
    QCOMPARE(ring.shownAround(), second);
    const QImage picture = window.grab().toImage();
    const double scale = picture.devicePixelRatio();
    const QPoint left = (second->geometry().topLeft() + QPoint(-2, second->height() / 2)) * scale;
    QCOMPARE(picture.pixelColor(left), color(Color::Focus));
    QTest::mouseClick(first, Qt::LeftButton);
    QCOMPARE(ring.shownAround(), nullptr);
    QTest::keyClick(first, Qt::Key_Tab);
    QTest::keyClick(second, Qt::Key_Tab);
    QCOMPARE(ring.shownAround(), nullptr);  // a field shows its own border
}

void LookTest::aSmallButtonIsSmall() {
    QPushButton button(QStringLiteral("Skip v4"));
    button.ensurePolished();
    QCOMPARE(button.sizeHint().height(), px(Size::Button));
    setStyleProperty(&button, "sizing", QStringLiteral("small"));
    QCOMPARE(button.sizeHint().height(), px(Size::ButtonSmall));
    QCOMPARE(button.font().pixelSize(), 12);
}

void LookTest::noSourceHoldsALiteralColour() {
    static const QRegularExpression literal(QStringLiteral(
        "\"[^\"]*#[0-9a-fA-F]{6}|\\bQColor\\s*\\(\\s*[0-9]|\\bQColor\\s*\\(\\s*Qt::(?!transparent)|\\bqRgba?\\s*\\(|"
        "Qt::(white|black|red|green|blue|yellow|cyan|magenta|gray|darkGray|lightGray|darkRed|darkGreen|darkBlue|"
        "darkYellow|darkCyan|darkMagenta)\\b|\\bQColorConstants::(?!Transparent)|fromRgb\\s*\\(\\s*[0-9]"));
    QVERIFY(literal.match(QStringLiteral("QColor(12, 13, 14)")).hasMatch());
    QVERIFY(literal.match(QStringLiteral("x(\"color: #1A1E26\")")).hasMatch());
    int files = 0;
    for (const char* folder : {"/widgets", "/app/desktop"}) {
        const QString root = QStringLiteral(HINDCAST_SOURCE_DIR) + QString::fromLatin1(folder);
        QDirIterator it(root, {QStringLiteral("*.h"), QStringLiteral("*.cpp"), QStringLiteral("*.qss")}, QDir::Files,
                        QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
        while (it.hasNext()) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QRegularExpressionMatch found = literal.match(QString::fromUtf8(file.readAll()));
            QVERIFY2(!found.hasMatch(), qPrintable(file.fileName() + QStringLiteral(": ") + found.captured()));
            ++files;
        }
    }
    QVERIFY(files > 20);
}

void LookTest::everyStylePropertySetInASourceIsOneThatTheSheetKnows() {
    // A name that the sheet does not know, or that is a real property of widgets ("size"), would do nothing, silently.
    static const QRegularExpression use(QStringLiteral("setStyleProperty\\([^;\"]*\"(\\w+)\""));
    const QString sheet = qApp->styleSheet();
    int uses = 0;
    for (const char* folder : {"/widgets", "/app/desktop"}) {
        const QString root = QStringLiteral(HINDCAST_SOURCE_DIR) + QString::fromLatin1(folder);
        QDirIterator it(root, {QStringLiteral("*.cpp")}, QDir::Files,
                        QDirIterator::Subdirectories | QDirIterator::FollowSymlinks);
        while (it.hasNext()) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto match = use.globalMatch(text); match.hasNext(); ++uses) {
                const QString name = match.next().captured(1);
                QVERIFY2(sheet.contains(QLatin1Char('[') + name + QLatin1Char('=')),
                         qPrintable(file.fileName() + name));
                QVERIFY2(QWidget::staticMetaObject.indexOfProperty(name.toLatin1().constData()) < 0, qPrintable(name));
            }
        }
    }
    QVERIFY(uses > 5);
}

QTEST_MAIN(LookTest)
#include "look_test.moc"
