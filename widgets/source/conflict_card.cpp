// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/conflict_card.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr int kPad = 12;
constexpr int kIconColumn = 26;

QPushButton* smallButton(const char* name) {
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(name));
    look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    return button;
}
}  // namespace

ConflictCard::ConflictCard(QWidget* parent)
    : QFrame(parent),
      m_title(new QLabel),
      m_score(new QLabel),
      m_reason(new QLabel),
      m_placeA(smallButton("placeA")),
      m_placeB(smallButton("placeB")),
      m_edit(smallButton("editPlacement")),
      m_skip(smallButton("skipVersion")),
      m_same(new QCheckBox),
      m_line(new QLineEdit) {
    m_title->setFont(look::font(look::TextRole::Strong));
    m_score->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(m_score, "role", QStringLiteral("tertiary"));
    look::setStyleProperty(m_reason, "role", QStringLiteral("secondary"));
    m_reason->setWordWrap(true);
    m_line->setFont(look::font(look::TextRole::Code));
    m_line->setAccessibleName(tr("Statement for this version"));
    m_line->hide();
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_score);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    addButtons(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad + kIconColumn, kPad, kPad, kPad);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_reason);
    layout->addWidget(m_line);
    layout->addLayout(buttons);
    hide();
}

void ConflictCard::addButtons(QHBoxLayout* layout) {
    for (auto* button : {m_placeA, m_placeB, m_edit, m_skip}) layout->addWidget(button);
    layout->addStretch();
    layout->addWidget(m_same);
    connect(m_placeA, &QPushButton::clicked, this, [this] { Q_EMIT placed(m_candidates.at(0)); });
    connect(m_placeB, &QPushButton::clicked, this, [this] { Q_EMIT placed(m_candidates.at(1)); });
    connect(m_edit, &QPushButton::clicked, this, &ConflictCard::startEdit);
    connect(m_skip, &QPushButton::clicked, this, &ConflictCard::skipped);
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        auto place = m_candidates.at(0);
        place.statement = m_line->text().toStdString();
        Q_EMIT placed(place);
    });
}

void ConflictCard::show(const QString& version, const workspace::PlacementView& placement, const QString& sameFor) {
    m_candidates = placement.candidates;
    m_title->setText(tr("%1 has no sure place for this line").arg(version));
    m_reason->setText(text::placementReasonText(placement.reason));
    const bool any = !m_candidates.empty();
    m_score->setText(any ? tr("best place %1, needs %2")
                               .arg(QString::number(m_candidates.front().score, 'f', 2),
                                    QString::number(workspace::kConfidenceBar, 'f', 2))
                         : QString());
    m_placeA->setText(tr("Place at A"));
    m_placeB->setText(tr("Place at B"));
    m_edit->setText(tr("Edit for %1").arg(version));
    m_skip->setText(tr("Skip %1").arg(version));
    m_placeA->setVisible(any);
    m_placeB->setVisible(m_candidates.size() > 1);
    m_edit->setVisible(any);
    m_same->setVisible(!sameFor.isEmpty());
    m_same->setText(tr("same for %1").arg(sameFor));
    m_same->setChecked(false);
    m_line->hide();
    QFrame::show();
}

bool ConflictCard::forOthersToo() const {
    return m_same->isVisible() && m_same->isChecked();
}

void ConflictCard::focusFirst() {
    (m_placeA->isVisible() ? m_placeA : m_skip)->setFocus(Qt::OtherFocusReason);
}

void ConflictCard::startEdit() {
    m_line->setText(text::fromUtf8(m_candidates.front().statement).trimmed());
    m_line->show();
    m_line->setFocus(Qt::OtherFocusReason);
    m_line->selectAll();
}

void ConflictCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look::color(look::Color::WarnMark));
    painter.setBrush(look::color(look::Color::SurfacePanel));
    const int radius = look::px(look::Size::RadiusDock);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    const int size = look::px(look::Size::Icon);
    look::IconSet::instance().paint(painter, QStringLiteral("conflict"), QRect(kPad, kPad + 1, size, size),
                                    look::Color::WarnMark);
}

}  // namespace hindcast::source
