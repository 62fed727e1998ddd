// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/history_card.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/controls/placement_strip.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/text/error_text.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::source {

using workspace::LineInVersion;
using State = LineInVersion::State;

namespace {
constexpr int kPad = 12;
constexpr int kMostRows = 4;
constexpr int kPartsOfSummary = 3;

bool has(const LineInVersion& entry) {
    return entry.state == State::Same || entry.state == State::Changed;
}

QString rangeText(int oldest, int newest) {
    return oldest == newest ? text::versionName(newest)
                            : QStringLiteral("%1–%2").arg(text::versionName(oldest), text::versionName(newest));
}
}  // namespace

HistoryCard::HistoryCard(models::Project& project, QWidget* parent)
    : QFrame(parent),
      m_project(project),
      m_title(new QLabel),
      m_summary(new QLabel),
      m_strip(new controls::PlacementStrip),
      m_runs(new QListWidget) {
    setObjectName(QStringLiteral("lineHistory"));
    m_title->setFont(look::font(look::TextRole::Strong));
    m_summary->setFont(look::font(look::TextRole::Caption));
    m_summary->setObjectName(QStringLiteral("lineHistorySummary"));
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    look::setStyleProperty(m_summary, "role", QStringLiteral("secondary"));
    m_runs->setObjectName(QStringLiteral("lineHistoryRuns"));
    m_runs->setAccessibleName(tr("Versions with this line"));
    m_runs->setFont(look::monoFont(look::TextRole::Caption));
    m_runs->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_runs->setTextElideMode(Qt::ElideRight);
    auto* leave = new QAction(look::IconSet::instance().icon(QStringLiteral("close")), tr("Close"), this);
    leave->setToolTip(tr("Close  Esc"));
    connect(leave, &QAction::triggered, this, &HistoryCard::close);
    auto* button = new QToolButton;
    button->setDefaultAction(leave);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_summary, 1);
    head->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad, 4, 8, 8);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addWidget(m_strip);
    layout->addWidget(m_runs);
    const auto choose = [this](const QListWidgetItem* item) {
        const auto row = static_cast<std::size_t>(m_runs->row(item));
        if (row < m_rows.size()) showIn(m_history[m_rows[row]]);
    };
    connect(m_runs, &QListWidget::itemClicked, this, choose);
    connect(m_runs, &QListWidget::itemActivated, this, choose);
    connect(m_strip, &controls::PlacementStrip::versionChosen, this, [this](int index) {
        const auto at = static_cast<std::ptrdiff_t>(m_history.size()) - 1 - index;
        if (at >= 0 && has(m_history[static_cast<std::size_t>(at)])) showIn(m_history[static_cast<std::size_t>(at)]);
    });
    hide();
}

void HistoryCard::show(const QString& file, int line) {
    m_place = QStringLiteral("%1:%2").arg(file).arg(line);
    m_title->setText(m_place);
    m_history.clear();
    m_runs->clear();
    m_rows.clear();
    m_runs->hide();
    m_strip->hide();
    m_summary->setText(tr("looking through the versions"));
    QFrame::show();
    m_project.sources().readHistory(
        file, line, this, [this](const auto& known) { take(known, false); },
        [this](auto history) {
            if (history) return take(*history, true);
            m_summary->setText(text::errorText(history.error()));
        });
}

void HistoryCard::close() {
    m_project.sources().stopHistory();
    hide();
    Q_EMIT closed();
}

void HistoryCard::take(const std::vector<LineInVersion>& history, bool complete) {
    m_history = history;
    showMarks();
    showRuns();
    m_summary->setText(complete ? summary()
                                : tr("%1 of %2 versions").arg(history.size()).arg(m_project.versions().size()));
    m_summary->setToolTip(m_summary->text());
}

void HistoryCard::showMarks() {
    std::vector<controls::StripMark> marks;
    for (auto entry = m_history.rbegin(); entry != m_history.rend(); ++entry) {
        controls::StripMark mark;
        mark.version = text::versionName(entry->number);
        mark.placement = entry->state == State::Same      ? controls::Placement::Placed
                         : entry->state == State::Changed ? controls::Placement::ByHand
                                                          : controls::Placement::Skipped;
        mark.tooltip = entry->state == State::Same       ? tr("the same")
                       : entry->state == State::Changed  ? text::fromUtf8(entry->text)
                       : entry->state == State::NoSource ? tr("its source is not stored, or does not parse")
                                                         : tr("does not have this line");
        marks.push_back(std::move(mark));
    }
    m_strip->setMarks(std::move(marks));
    m_strip->setVisible(!m_history.empty());
}

/// Versions next to each other that have the same text in the same file are one row.
void HistoryCard::showRuns() {
    m_runs->clear();
    m_rows.clear();
    for (std::size_t at = 0; at < m_history.size();) {
        const LineInVersion& newest = m_history[at];
        std::size_t end = at + 1;
        const auto same = [&](const LineInVersion& other) {
            return other.state == newest.state && other.text == newest.text && other.file == newest.file;
        };
        while (end < m_history.size() && same(m_history[end])) ++end;
        const LineInVersion& oldest = m_history[end - 1];
        if (has(newest)) {
            const auto* since = m_project.version(oldest.version);
            QString words = text::fromUtf8(newest.text);
            auto* item =
                new QListWidgetItem(QStringLiteral("%1  %2:%3  %4")
                                        .arg(rangeText(oldest.number, newest.number), text::fromUtf8(newest.file))
                                        .arg(newest.line)
                                        .arg(words.replace(QLatin1Char('\n'), QLatin1Char(' ')).simplified()),
                                    m_runs);
            if (since) item->setToolTip(tr("since %1").arg(text::momentText(since->startedMicros)));
            m_rows.push_back(at);
        }
        at = end;
    }
    const int rows = std::min(kMostRows, m_runs->count());
    const int height = look::rowHeight(look::Size::ListRow, m_runs->fontMetrics());
    for (int row = 0; row < m_runs->count(); ++row) m_runs->item(row)->setSizeHint(QSize(0, height));
    m_runs->setFixedHeight(rows * height + 2);
    m_runs->setVisible(rows > 0);
}

QString HistoryCard::summary() const {
    QStringList parts;
    int since = 0;
    bool unbroken = true;
    for (std::size_t at = 0; at < m_history.size();) {
        unbroken = unbroken && m_history[at].state == State::Same;
        if (unbroken) since = m_history[at].number;
        std::size_t end = at + 1;
        while (end < m_history.size() && has(m_history[end]) == has(m_history[at])) {
            unbroken = unbroken && m_history[end].state == State::Same;
            if (unbroken) since = m_history[end].number;
            ++end;
        }
        if (has(m_history[at])) parts.prepend(rangeText(m_history[end - 1].number, m_history[at].number));
        at = end;
    }
    if (parts.isEmpty()) return tr("no version has this line");
    if (parts.size() > kPartsOfSummary) parts = {parts.first(), QStringLiteral("…"), parts.last()};
    const QString where = tr("in %1").arg(parts.join(tr(", ", "between versions")));
    return since > 0 ? tr("%1, as it stands since %2").arg(where, text::versionName(since))
                     : tr("%1, nowhere as it stands now").arg(where);
}

void HistoryCard::showIn(const LineInVersion& entry) {
    m_project.choice().showPastLine({entry.version, text::fromUtf8(entry.file), entry.line});
}

void HistoryCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return close();
    QFrame::keyPressEvent(event);
}

void HistoryCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), look::color(look::Color::SurfaceSunken));
    painter.fillRect(QRect(0, 0, width(), 1), look::color(look::Color::LineHair));
}

}  // namespace hindcast::source
