// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "widgets/controls/badge.h"
#include "widgets/controls/chip.h"
#include "widgets/controls/confidence_meter.h"
#include "widgets/controls/elided_label.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_frame.h"
#include "widgets/controls/panel_header.h"
#include "widgets/controls/placement_strip.h"
#include "widgets/controls/progress_line.h"
#include "widgets/controls/segmented_switch.h"
#include "widgets/controls/wrap_layout.h"
#include "widgets/look/theme.h"

using namespace hindcast::controls;
using namespace hindcast::look;

namespace {

std::vector<StripMark> marksOf(int count) {
    std::vector<StripMark> marks;
    for (int i = 0; i < count; ++i)
        marks.push_back({Placement::Placed, QStringLiteral("v%1").arg(i + 1), {}, false, false, 1});
    return marks;
}

int areaOf(QWidget& widget, const QColor& wanted) {
    const QImage image = widget.grab().toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixelColor(x, y).rgb() == wanted.rgb()) ++count;
    return count;
}

}  // namespace

class ControlsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { Theme::instance().apply(ThemeKind::Light); }
    void aPanelTellsItsStateInWordsAndKeepsItsContentUsable();
    void aToolOfAPanelIsNamedReachableAndLargeEnough();
    void tabsOfAPanelAnswerToMouseAndKeys();
    void anEmptyPanelOffersItsNextStep();
    void aChipCanBeRemovedByMouseAndKey();
    void filterAndViewChipsLookDifferent();
    void everyBadgeHasAWordAndFidelitiesDiffer();
    void theSegmentedSwitchChoosesByMouseAndKeys();
    void theMeterTurnsAmberBelowTheBar();
    void theStripShowsOneMarkPerVersionAndJumps();
    void aStripWithoutRoomStillShowsTheConflict();
    void progressOfUnknownLengthIsPartFilledAndStill();
    void japaneseWordsFitTheirControls();
    void buttonsStandInAsManyRowsAsTheWidthAsksFor();
    void aLabelThatIsTooLongIsWholeInItsTooltip();
};

void ControlsTest::aPanelTellsItsStateInWordsAndKeepsItsContentUsable() {
    PanelFrame panel(QStringLiteral("Versions"));
    auto* content = new QPushButton(QStringLiteral("row"));
    panel.setContent(content);
    panel.resize(400, 300);
    panel.show();
    QAction details(QStringLiteral("Details"));
    QSignalSpy asked(&details, &QAction::triggered);
    panel.showBanner(Meaning::Error, QStringLiteral("v16 log ends early, 1,132 kept"), &details);
    QVERIFY(panel.hasBanner());
    QVERIFY(content->isVisible() && content->isEnabled());
    QVERIFY(areaOf(panel, color(Color::ErrorGround)) > 1000);
    QPushButton* button = nullptr;
    for (QPushButton* one : panel.findChildren<QPushButton*>())
        if (one->isVisible() && one->text() == QStringLiteral("Details")) button = one;
    QVERIFY(button);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    // A new banner takes over the button; the old action no longer touches it.
    QAction retry(QStringLiteral("Retry"));
    QSignalSpy retried(&retry, &QAction::triggered);
    panel.showBanner(Meaning::Warn, QStringLiteral("The log is still being read"), &retry);
    details.setText(QStringLiteral("More"));
    QCOMPARE(button->text(), QStringLiteral("Retry"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(retried.count(), 1);
    QCOMPARE(asked.count(), 1);
    panel.clearBanner();
    QVERIFY(!panel.hasBanner());
    panel.setPlaceholder(new EmptyState(QStringLiteral("filter"), QStringLiteral("No version matches"), {}));
    QVERIFY(!content->isVisible());
    panel.setPlaceholder(nullptr);
    QVERIFY(content->isVisible());
    panel.setLoading(0.5);
    QVERIFY(areaOf(panel, color(Color::Accent)) > 300);
    panel.setLoading(std::nullopt);
    QCOMPARE(areaOf(panel, color(Color::Accent)), 0);
}

void ControlsTest::aToolOfAPanelIsNamedReachableAndLargeEnough() {
    PanelHeader header(QStringLiteral("Queue"));
    QAction pause(QStringLiteral("Pause"));
    QToolButton* button = header.addTool(&pause);
    QCOMPARE(button->accessibleName(), QStringLiteral("Pause"));
    QVERIFY(button->width() >= px(Size::HitMin) && button->height() >= px(Size::HitMin));
    QVERIFY(button->focusPolicy() & Qt::TabFocus);
    pause.setText(QStringLiteral("Resume"));
    QCOMPARE(button->accessibleName(), QStringLiteral("Resume"));
    header.resize(160, 32);
    header.show();
    header.setCountText(QStringLiteral("263 of 552 epochs, 1 min 40 s left, 3 workers"));
    QVERIFY(button->geometry().right() <= header.width());
    QCOMPARE(header.countText(), QStringLiteral("263 of 552 epochs, 1 min 40 s left, 3 workers"));
}

void ControlsTest::tabsOfAPanelAnswerToMouseAndKeys() {
    PanelHeader header(QStringLiteral("Source"));
    header.setTabs({QStringLiteral("train.py"), QStringLiteral("model.py"), QStringLiteral("data.py")});
    header.resize(400, 32);
    header.show();
    QSignalSpy chosen(&header, &PanelHeader::tabChosen);
    QWidget* tabs = nullptr;
    for (QWidget* child : header.findChildren<QWidget*>())
        if (child->inherits("hindcast::controls::HeaderTabs")) tabs = child;
    QVERIFY(tabs);
    QTest::mouseClick(tabs, Qt::LeftButton, {}, QPoint(tabs->width() - 5, 10));
    QCOMPARE(header.currentTab(), 2);
    QTest::keyClick(tabs, Qt::Key_Left);
    QCOMPARE(header.currentTab(), 1);
    QCOMPARE(chosen.count(), 2);
}

void ControlsTest::anEmptyPanelOffersItsNextStep() {
    EmptyState state(QStringLiteral("probe-statement"), QStringLiteral("No probes yet"),
                     QStringLiteral("Click + in the margin."));
    QAction action(QStringLiteral("Try grad_norm"));
    QSignalSpy asked(&action, &QAction::triggered);
    state.addAction(&action);
    state.resize(360, 200);
    state.show();
    auto* button = state.findChild<QPushButton*>();
    QVERIFY(button && button->isVisible());
    QVERIFY(button->width() < 200);
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(state.accessibleName(), QStringLiteral("No probes yet"));
}

void ControlsTest::aChipCanBeRemovedByMouseAndKey() {
    Chip chip(Chip::Kind::Filter, QStringLiteral("lr < 0.001"));
    chip.resize(chip.sizeHint());
    QSignalSpy removed(&chip, &Chip::removeRequested);
    QSignalSpy clicked(&chip, &Chip::clicked);
    QTest::mouseClick(&chip, Qt::LeftButton, {}, QPoint(chip.width() - 9, chip.height() / 2));
    QTest::keyClick(&chip, Qt::Key_Delete);
    QCOMPARE(removed.count(), 2);
    QTest::mouseClick(&chip, Qt::LeftButton, {}, QPoint(8, chip.height() / 2));
    QTest::keyClick(&chip, Qt::Key_Return);
    QCOMPARE(clicked.count(), 2);
    chip.setRemovable(false);
    QTest::keyClick(&chip, Qt::Key_Delete);
    QCOMPARE(removed.count(), 2);
}

void ControlsTest::filterAndViewChipsLookDifferent() {
    Chip filter(Chip::Kind::Filter, QStringLiteral("loss"));
    Chip view(Chip::Kind::View, QStringLiteral("loss"));
    for (Chip* chip : {&filter, &view}) chip->resize(chip->sizeHint());
    QVERIFY(areaOf(filter, color(Color::AccentSoft)) > 300);
    QCOMPARE(areaOf(view, color(Color::AccentSoft)), 0);
}

void ControlsTest::everyBadgeHasAWordAndFidelitiesDiffer() {
    QStringList words;
    for (const Fidelity one :
         {Fidelity::Exact, Fidelity::ExactLogs, Fidelity::Numeric, Fidelity::Unverified, Fidelity::Diverged})
        words << badgeOf(one).word;
    for (const Placement one : {Placement::Placed, Placement::ByHand, Placement::Conflict, Placement::Skipped})
        words << badgeOf(one).word;
    QCOMPARE(QSet<QString>(words.begin(), words.end()).size(), words.size());
    QVERIFY(!words.contains(QString()));
    QVERIFY(badgeOf(Fidelity::Numeric, 3.2e-7).word.contains(QStringLiteral("3.2e\u22127")));
    Badge badge(badgeOf(Fidelity::Diverged));
    badge.resize(badge.sizeHint());
    QVERIFY(badge.height() >= px(Size::Badge));
    QVERIFY(areaOf(badge, color(Color::DivergedGround)) > 100);
    QCOMPARE(badge.accessibleName(), badgeOf(Fidelity::Diverged).word);
}

void ControlsTest::theSegmentedSwitchChoosesByMouseAndKeys() {
    SegmentedSwitch spaces({QStringLiteral("Explore"), QStringLiteral("Probe"), QStringLiteral("Tune")});
    spaces.resize(spaces.sizeHint());
    QSignalSpy changed(&spaces, &SegmentedSwitch::currentChanged);
    QTest::mouseClick(&spaces, Qt::LeftButton, {}, spaces.segmentRect(2).center());
    QCOMPARE(spaces.current(), 2);
    QTest::keyClick(&spaces, Qt::Key_Left);
    QTest::keyClick(&spaces, Qt::Key_Home);
    QTest::keyClick(&spaces, Qt::Key_Left);
    QCOMPARE(spaces.current(), 0);
    QCOMPARE(changed.count(), 3);
    QCOMPARE(spaces.accessibleDescription(), QStringLiteral("Explore"));
}

void ControlsTest::theMeterTurnsAmberBelowTheBar() {
    ConfidenceMeter meter;
    meter.resize(meter.sizeHint());
    meter.setConfidence(0.99);
    QVERIFY(areaOf(meter, color(Color::OkMark)) > 100);
    meter.setConfidence(0.41);
    QCOMPARE(areaOf(meter, color(Color::OkMark)), 0);
    QVERIFY(areaOf(meter, color(Color::WarnMark)) > 50);
    QVERIFY(meter.accessibleName().contains(QStringLiteral("0.41")));
}

void ControlsTest::theStripShowsOneMarkPerVersionAndJumps() {
    PlacementStrip strip;
    auto marks = marksOf(24);
    marks[3].placement = Placement::Conflict;
    marks[9].placement = Placement::Conflict;
    marks[5].placement = Placement::Skipped;
    strip.setMarks(marks);
    strip.resize(260, 24);
    QCOMPARE(strip.markRect(0).height(), 8);
    QCOMPARE(strip.markRect(0).width(), 7);
    QSignalSpy chosen(&strip, &PlacementStrip::versionChosen);
    QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.markRect(7).center());
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).toInt(), 7);
    QTest::keyClick(&strip, Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(strip.current(), 9);
    QTest::keyClick(&strip, Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(strip.current(), 3);
    QTest::keyClick(&strip, Qt::Key_Return);
    QCOMPARE(chosen.count(), 2);
    QCOMPARE(strip.summary(), QStringLiteral("21 placed, 2 in conflict, 1 skipped"));
}

void ControlsTest::aStripWithoutRoomStillShowsTheConflict() {
    PlacementStrip strip;
    auto marks = marksOf(900);
    strip.setMarks(marks);
    strip.resize(200, 24);
    QCOMPARE(areaOf(strip, color(Color::WarnMark)), 0);
    marks[457].placement = Placement::Conflict;
    strip.setMarks(marks);
    QVERIFY(areaOf(strip, color(Color::WarnMark)) > 0);
}

void ControlsTest::progressOfUnknownLengthIsPartFilledAndStill() {
    ProgressLine line;
    line.resize(200, 3);
    line.setPart(-1);
    const QImage first = line.grab().toImage();
    QVERIFY(areaOf(line, color(Color::Accent)) > 50);
    QCOMPARE(line.grab().toImage(), first);
    line.setPart(1);
    QCOMPARE(areaOf(line, color(Color::LineHair)), 0);
}

void ControlsTest::japaneseWordsFitTheirControls() {
    const QString word = QStringLiteral("プローブを追加して配置");
    SegmentedSwitch spaces({word, QStringLiteral("調整")});
    QVERIFY(spaces.segmentRect(0).width() > QFontMetrics(font(TextRole::Strong)).horizontalAdvance(word));
    Chip chip(Chip::Kind::Filter, word);
    QVERIFY(chip.sizeHint().width() > QFontMetrics(font(TextRole::Label)).horizontalAdvance(word));
    QVERIFY(badgeSize({Meaning::Ok, QStringLiteral("ok"), word}).width() >
            QFontMetrics(font(TextRole::Caption, QFont::Medium)).horizontalAdvance(word));
    PanelHeader header(word);
    QVERIFY(header.height() >= 32);
    QPushButton button(word);
    button.ensurePolished();
    QVERIFY(button.sizeHint().width() > button.fontMetrics().horizontalAdvance(word));
}

void ControlsTest::buttonsStandInAsManyRowsAsTheWidthAsksFor() {
    QWidget card;
    auto* layout = new WrapLayout(8, &card);
    QList<QPushButton*> buttons;
    for (const char* word : {"Place at A", "Place at B", "Edit for v2", "Skip v2"}) {
        buttons.append(new QPushButton(QLatin1String(word)));
        layout->addWidget(buttons.last());
    }
    card.resize(600, 200);
    card.show();
    layout->activate();
    for (const auto* button : buttons) QCOMPARE(button->y(), buttons.first()->y());
    const int narrow = buttons[0]->sizeHint().width() + buttons[1]->sizeHint().width() + 8;
    QVERIFY(layout->heightForWidth(narrow) > layout->heightForWidth(600));
    card.resize(narrow, 200);
    layout->activate();
    QCOMPARE(buttons[1]->y(), buttons[0]->y());
    QVERIFY(buttons[2]->y() >= buttons[0]->geometry().bottom());
    for (const auto* button : buttons) {
        QVERIFY(button->width() >= button->sizeHint().width());
        QVERIFY(card.rect().contains(button->geometry()));
    }
    buttons[1]->hide();
    layout->activate();
    QVERIFY(buttons[2]->y() >= buttons[0]->y());
}

void ControlsTest::aLabelThatIsTooLongIsWholeInItsTooltip() {
    ElidedLabel label;
    label.setWhole(QStringLiteral("train/very/deep/folder/script.py:19"));
    label.resize(400, 20);
    QCOMPARE(label.text(), label.whole());
    QVERIFY(label.toolTip().isEmpty());
    label.show();
    label.resize(60, 20);
    QVERIFY(label.text().endsWith(QChar(0x2026)));
    QCOMPARE(label.toolTip(), label.whole());
    label.setWhole(QStringLiteral("a"), QStringLiteral("why"));
    QCOMPARE(label.toolTip(), QStringLiteral("why"));
}

QTEST_MAIN(ControlsTest)
#include "controls_test.moc"
