// SPDX-License-Identifier: GPL-3.0-or-later
// Shows every component of the look with sample data, in both themes and in English and Japanese.
#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTimer>

#include "tests/widgets/gallery/sample_series.h"
#include "tests/widgets/gallery/sample_timeline.h"
#include "widgets/chart/chart_grid.h"
#include "widgets/chart/chart_view.h"
#include "widgets/controls/badge.h"
#include "widgets/controls/chip.h"
#include "widgets/controls/confidence_meter.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_frame.h"
#include "widgets/controls/panel_header.h"
#include "widgets/controls/placement_strip.h"
#include "widgets/controls/progress_line.h"
#include "widgets/controls/segmented_switch.h"
#include "widgets/look/focus_ring.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/time_cursor.h"
#include "widgets/timeline/timeline_legend.h"
#include "widgets/timeline/timeline_view.h"

namespace {

using namespace hindcast;

QAction* makeAction(QObject* owner, const char* icon, const QString& text) {
    auto* action = new QAction(look::IconSet::instance().icon(QString::fromLatin1(icon)), text, owner);
    action->setToolTip(text);
    return action;
}

QPushButton* makeButton(const QString& text, const QString& kind, const QString& size, const char* icon = nullptr) {
    auto* button = new QPushButton(text);
    if (!kind.isEmpty()) look::setStyleProperty(button, "kind", kind);
    if (!size.isEmpty()) look::setStyleProperty(button, "sizing", size);
    if (icon)
        button->setIcon(look::IconSet::instance().icon(QString::fromLatin1(icon), kind == QLatin1String("primary")
                                                                                      ? look::Color::TextOnAccent
                                                                                      : look::Color::TextSecondary));
    return button;
}

QWidget* explorePage(look::TimeCursor* cursor) {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    auto* timelinePanel = new controls::PanelFrame(QStringLiteral("Timeline"));
    auto* timelineView = new timeline::TimelineView;
    timelineView->setModel(new gallery::SampleTimeline(24, 30, timelineView));
    timelineView->setTimeCursor(cursor);
    timelineView->setSelectedVersion(QStringLiteral("17"));
    timelinePanel->setContent(timelineView);
    timelinePanel->header()->addToolWidget(new timeline::TimelineLegend);
    timelinePanel->header()->addTool(makeAction(page, "zoom-fit", QStringLiteral("Fit")));
    timelinePanel->header()->addTool(makeAction(page, "more", QStringLiteral("More")));
    auto* chartPanel = new controls::PanelFrame(QStringLiteral("Charts"));
    auto* grid = new chart::ChartGrid;
    grid->setCount(4);
    grid->setColumns(2);
    grid->setTimeCursor(cursor);
    grid->setXDomain({0, 29.6});
    const char* names[] = {"loss", "val_acc", "miss_rate", "grad_norm"};
    const char* notes[] = {"per step, smoothed 0.88", "per epoch", "per epoch", "per epoch, replayed"};
    for (int i = 0; i < 4; ++i) {
        grid->chart(i)->setTitle(QString::fromLatin1(names[i]), QString::fromLatin1(notes[i]));
        if (i == 0) grid->chart(i)->setSmoothing(0.88);
        grid->chart(i)->setSeries(gallery::sampleSeries(static_cast<gallery::Shape>(i)));
        if (i == 0) grid->chart(i)->setLogarithmicY(true);
    }
    for (const char* version : {"17", "16"}) {
        std::vector<chart::CoverageSlot> coverage;
        for (int e = 0; e < 30; ++e) {
            auto state = e < 18 ? chart::SlotState::Have : chart::SlotState::Queued;
            if (e == 18) state = chart::SlotState::Running;
            if (e > 25) state = chart::SlotState::NotReplayed;
            if (e == 10 && version[1] == '7') state = chart::SlotState::Cannot;
            coverage.push_back({e - 0.5, e + 0.5, state, 0.5});
        }
        grid->chart(3)->setCoverage(QString::fromLatin1(version), coverage);
    }
    chartPanel->setContent(grid);
    auto* chip = new controls::Chip(controls::Chip::Kind::View, QStringLiteral("x: epoch"));
    chartPanel->header()->addToolWidget(chip);
    chartPanel->header()->addTool(makeAction(page, "export", QStringLiteral("Export")));
    layout->addWidget(timelinePanel, 5);
    layout->addWidget(chartPanel, 6);
    return page;
}

void addBadges(QBoxLayout* column) {
    auto* first = new QHBoxLayout;
    using look::Fidelity;
    for (const Fidelity f : {Fidelity::Exact, Fidelity::ExactLogs, Fidelity::Unverified, Fidelity::Diverged})
        first->addWidget(new controls::Badge(controls::badgeOf(f)));
    first->addWidget(new controls::Badge(controls::badgeOf(Fidelity::Numeric, 3.2e-7)));
    first->addStretch();
    column->addLayout(first);
    auto* second = new QHBoxLayout;
    using controls::Placement;
    for (const Placement p :
         {Placement::Placed, Placement::ByHand, Placement::Conflict, Placement::Skipped, Placement::Recorded})
        second->addWidget(new controls::Badge(controls::badgeOf(p)));
    for (const look::Source s : {look::Source::Replayed, look::Source::Derived, look::Source::Imported})
        second->addWidget(new controls::Badge(controls::badgeOf(s)));
    second->addStretch();
    column->addLayout(second);
}

QWidget* controlsContent(bool japanese) {
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(10);
    const QStringList spaces = japanese ? QStringList{QStringLiteral("探索"), QStringLiteral("プローブ"),
                                                      QStringLiteral("調整"), QStringLiteral("レビュー")}
                                        : QStringList{QStringLiteral("Explore"), QStringLiteral("Probe"),
                                                      QStringLiteral("Tune"), QStringLiteral("Review")};
    column->addWidget(new controls::SegmentedSwitch(spaces));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(makeButton(japanese ? QStringLiteral("リプレイ…") : QStringLiteral("Replay…"),
                                  QStringLiteral("primary"), {}, "replay"));
    buttons->addWidget(makeButton(japanese ? QStringLiteral("プローブを追加") : QStringLiteral("Add probe"), {}, {},
                                  "probe-statement"));
    buttons->addWidget(
        makeButton(japanese ? QStringLiteral("中止") : QStringLiteral("Cancel"), QStringLiteral("flat"), {}));
    buttons->addWidget(makeButton(QStringLiteral("Skip v4"), {}, QStringLiteral("small")));
    auto* off = makeButton(QStringLiteral("Disabled"), {}, {});
    off->setEnabled(false);
    buttons->addWidget(off);
    buttons->addStretch();
    column->addLayout(buttons);
    auto* fields = new QHBoxLayout;
    auto* edit = new QLineEdit;
    edit->setPlaceholderText(QStringLiteral("lr < 0.001 and miss_rate < 0.1"));
    auto* combo = new QComboBox;
    combo->addItems({QStringLiteral("miss_rate"), QStringLiteral("loss")});
    fields->addWidget(edit, 1);
    fields->addWidget(combo);
    column->addLayout(fields);
    auto* checks = new QHBoxLayout;
    for (int i = 0; i < 3; ++i) {
        auto* box = new QCheckBox(QStringLiteral("grad_norm"));
        if (i == 2) box->setTristate(true);
        box->setCheckState(i == 0 ? Qt::Checked : i == 1 ? Qt::Unchecked : Qt::PartiallyChecked);
        checks->addWidget(box);
    }
    auto* radio = new QRadioButton(QStringLiteral("deep"));
    radio->setChecked(true);
    checks->addWidget(radio);
    checks->addStretch();
    column->addLayout(checks);
    auto* chips = new QHBoxLayout;
    chips->addWidget(new controls::Chip(controls::Chip::Kind::Filter, QStringLiteral("lr < 0.001")));
    chips->addWidget(new controls::Chip(controls::Chip::Kind::View, QStringLiteral("x: epoch")));
    for (const double c : {0.99, 0.41}) {
        auto* meter = new controls::ConfidenceMeter;
        meter->setConfidence(c);
        chips->addWidget(meter);
    }
    chips->addStretch();
    column->addLayout(chips);
    addBadges(column);
    auto* strip = new controls::PlacementStrip;
    std::vector<controls::StripMark> marks;
    using controls::Placement;
    for (int v = 1; v <= 24; ++v) {
        Placement p = v < 4     ? Placement::Skipped
                      : v == 4  ? Placement::Conflict
                      : v == 7  ? Placement::ByHand
                      : v == 24 ? Placement::Recorded
                                : Placement::Placed;
        marks.push_back({p, QStringLiteral("v%1").arg(v), {}, false, v == 13, 1.0});
    }
    strip->setMarks(marks);
    strip->setCurrent(3);
    column->addWidget(strip);
    auto* progress = new controls::ProgressLine;
    progress->setPart(0.48);
    column->addWidget(progress);
    column->addStretch();
    return content;
}

QWidget* controlsPage(bool japanese) {
    auto* page = new QWidget;
    auto* layout = new QGridLayout(page);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    auto* panel = new controls::PanelFrame(japanese ? QStringLiteral("部品") : QStringLiteral("Controls"));
    panel->header()->setCountText(japanese ? QStringLiteral("24 / 24 件") : QStringLiteral("24 of 24"));
    panel->header()->addTool(makeAction(page, "filter", QStringLiteral("Filter")));
    panel->header()->addTool(makeAction(page, "more", QStringLiteral("More")));
    panel->setContent(controlsContent(japanese));
    layout->addWidget(panel, 0, 0, 2, 1);
    auto* empty = new controls::PanelFrame(japanese ? QStringLiteral("キュー") : QStringLiteral("Queue"));
    auto* state = new controls::EmptyState(
        QStringLiteral("queue"), japanese ? QStringLiteral("キューは空です") : QStringLiteral("Nothing queued"),
        japanese ? QStringLiteral("前回のリプレイは 552 エポック、3 分 2 秒で、すべて完全一致でした。")
                 : QStringLiteral("Last replay: 552 epochs in 3 min 2 s, all exact."));
    state->addAction(
        makeAction(page, "replay", japanese ? QStringLiteral("もう一度リプレイ…") : QStringLiteral("Replay again…")));
    empty->setPlaceholder(state);
    empty->setLoading(0.4);
    empty->setFooter(japanese ? QStringLiteral("552 エポック待機中") : QStringLiteral("552 epochs waiting"),
                     makeAction(page, "stop", japanese ? QStringLiteral("中止") : QStringLiteral("Cancel")));
    layout->addWidget(empty, 0, 1);
    auto* failing = new controls::PanelFrame(QString());
    failing->header()->setTabs({QStringLiteral("train.py"), QStringLiteral("data/augment.py")});
    failing->showBanner(look::Meaning::Error,
                        japanese ? QStringLiteral("v16 のログは途中で終わっています（1,132 件を保持）")
                                 : QStringLiteral("v16 log ends early, 1,132 kept"),
                        makeAction(page, "info", japanese ? QStringLiteral("詳細") : QStringLiteral("Details")));
    auto* chartView = new chart::ChartView;
    chartView->setTitle(QStringLiteral("grad_norm"),
                        japanese ? QStringLiteral("エポックごと") : QStringLiteral("per epoch"));
    failing->setContent(chartView);
    layout->addWidget(failing, 1, 1);
    return page;
}

void grabAll(const QString& folder) {
    QDir().mkpath(folder);
    for (const look::ThemeKind kind : {look::ThemeKind::Light, look::ThemeKind::Dark}) {
        look::Theme::instance().apply(kind);
        const QString theme = kind == look::ThemeKind::Light ? QStringLiteral("light") : QStringLiteral("dark");
        look::TimeCursor cursor;
        cursor.setLast(29);
        cursor.setPosition(17);
        cursor.setReference(9);
        QWidget window;
        auto* layout = new QHBoxLayout(&window);
        layout->setContentsMargins(0, 0, 0, 0);
        window.setPalette(QApplication::palette());
        layout->addWidget(explorePage(&cursor));
        window.resize(940, 900);
        window.show();
        QApplication::processEvents();
        window.grab().save(folder + QStringLiteral("/explore-%1.png").arg(theme));
        for (const bool japanese : {false, true}) {
            QWidget second;
            auto* box = new QHBoxLayout(&second);
            box->setContentsMargins(0, 0, 0, 0);
            box->addWidget(controlsPage(japanese));
            second.resize(1000, 560);
            second.show();
            QApplication::processEvents();
            second.grab().save(folder + QStringLiteral("/controls-%1-%2.png")
                                            .arg(theme, japanese ? QStringLiteral("ja") : QStringLiteral("en")));
        }
        timeline::TimelineView big;
        gallery::SampleTimeline many(1000, 1000);
        big.setModel(&many);
        big.setRowHeight(1);
        big.resize(1000, 500);
        big.show();
        QApplication::processEvents();
        big.grab().save(folder + QStringLiteral("/overview-%1.png").arg(theme));
        gallery::SampleTimeline few(24, 30);
        big.setModel(&few);
        big.setTimeCursor(&cursor);
        big.setSelectedVersion(QStringLiteral("17"));
        big.zoomBy(4.0, 500);
        QApplication::processEvents();
        big.grab().save(folder + QStringLiteral("/steps-%1.png").arg(theme));
    }
}

}  // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    look::FocusRing ring;
    const QStringList arguments = QApplication::arguments();
    if (arguments.value(1) == QLatin1String("--grab")) {
        grabAll(arguments.value(2, QStringLiteral(".")));
        return 0;
    }
    look::Theme::instance().apply(arguments.contains(QStringLiteral("--dark")) ? look::ThemeKind::Dark
                                                                               : look::ThemeKind::Light);
    look::TimeCursor cursor;
    cursor.setLast(29);
    cursor.setPosition(17);
    QWidget* pages[] = {explorePage(&cursor), controlsPage(false)};
    for (QWidget* page : pages) page->show();
    const int result = QApplication::exec();
    for (QWidget* page : pages) delete page;
    return result;
}
