// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/unfinished_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::replay {

namespace {
constexpr int kPad = 12;
constexpr int kIconColumn = 24;

int iterationsOf(const workspace::UnfinishedReplay& replay) {
    std::int64_t count = 0;
    for (const auto& [version, ranges] : replay.ranges) {
        for (const auto& [first, last] : ranges) count += last - first + 1;
    }
    return static_cast<int>(count);
}
}  // namespace

UnfinishedCard::UnfinishedCard(const workspace::UnfinishedReplay& replay, QWidget* parent)
    : QFrame(parent), m_id(replay.id), m_resume(new QPushButton(tr("Resume"))) {
    QStringList names;
    for (const auto& name : replay.request.names) names.append(text::fromUtf8(name));
    const QString what = names.join(tr(", ", "between probes"));
    auto* title = new QLabel(tr("%1 was interrupted").arg(what));
    title->setFont(look::font(look::TextRole::Strong));
    title->setWordWrap(true);
    auto* detail =
        new QLabel(QStringList{tr("%n version(s)", nullptr, static_cast<int>(replay.request.versions.size())),
                               tr("%n epoch(s) asked", nullptr, iterationsOf(replay)),
                               tr("begun %1").arg(text::momentText(replay.startedMicros))}
                       .join(tr(", ", "between probes")));
    detail->setFont(look::font(look::TextRole::Caption));
    detail->setWordWrap(true);
    look::setStyleProperty(detail, "role", QStringLiteral("tertiary"));
    auto* discard = new QPushButton(tr("Discard"));
    discard->setObjectName(QStringLiteral("discardUnfinished"));
    discard->setToolTip(tr("Forgets what is left; values that have arrived stay"));
    m_resume->setObjectName(QStringLiteral("resumeUnfinished"));
    for (auto* button : {m_resume, discard}) {
        look::setStyleProperty(button, "sizing", QStringLiteral("small"));
        button->setAccessibleDescription(what);
    }
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_resume);
    buttons->addWidget(discard);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad + kIconColumn, 8, kPad, 10);
    layout->setSpacing(4);
    layout->addWidget(title);
    layout->addWidget(detail);
    layout->addLayout(buttons);
    connect(m_resume, &QPushButton::clicked, this, &UnfinishedCard::resumed);
    connect(discard, &QPushButton::clicked, this, &UnfinishedCard::discarded);
    setResumable(true);
}

void UnfinishedCard::setResumable(bool resumable) {
    m_resume->setEnabled(resumable);
    m_resume->setToolTip(resumable ? tr("Replays what had not been finished") : tr("A replay is running"));
}

void UnfinishedCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), look::color(look::Color::SurfaceSunken));
    painter.fillRect(QRect(0, height() - 1, width(), 1), look::color(look::Color::LineHair));
    const int size = look::px(look::Size::Icon);
    look::IconSet::instance().paint(painter, QStringLiteral("warn"), QRect(kPad, 10, size, size),
                                    look::Color::WarnMark);
}

}  // namespace hindcast::replay
