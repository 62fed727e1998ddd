// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/placement_card.h"

#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/controls/wrap_layout.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr int kPad = 12;
constexpr int kIconColumn = 26;
constexpr int kGap = 8;
constexpr int kNextWidth = 56;
constexpr int kNamesShown = 4;
constexpr int kMostLines = 6;

QPushButton* smallButton(const char* name) {
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(name));
    look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    return button;
}

QLabel* quietLabel(const char* role) {
    auto* label = new QLabel;
    label->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(label, "role", QLatin1String(role));
    return label;
}
}  // namespace

PlacementCard::PlacementCard(QWidget* parent)
    : QFrame(parent),
      m_title(new QLabel),
      m_score(quietLabel("tertiary")),
      m_reason(new QLabel),
      m_problem(quietLabel("secondary")),
      m_placeA(smallButton("placeA")),
      m_placeB(smallButton("placeB")),
      m_edit(smallButton("editPlacement")),
      m_skip(smallButton("skipVersion")),
      m_back(smallButton("takeBackDecision")),
      m_also(quietLabel("secondary")),
      m_next(new QSpinBox),
      m_nextNames(quietLabel("tertiary")),
      m_text(new QPlainTextEdit) {
    m_title->setFont(look::font(look::TextRole::Strong));
    look::setStyleProperty(m_reason, "role", QStringLiteral("secondary"));
    m_reason->setWordWrap(true);
    m_problem->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("placementText"));
    m_text->setFont(look::font(look::TextRole::Code));
    m_text->setAccessibleName(tr("Statement for this version"));
    m_text->setTabChangesFocus(true);
    look::setStyleProperty(m_text, "framed", QStringLiteral("true"));
    m_text->installEventFilter(this);
    connect(m_text, &QPlainTextEdit::textChanged, this, &PlacementCard::fitEdit);
    auto* head = new controls::WrapLayout(kGap);
    head->addWidget(m_title);
    head->addWidget(m_score);
    auto* buttons = new controls::WrapLayout(kGap);
    addButtons(*buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad + kIconColumn, 10, kPad, 10);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_reason);
    layout->addWidget(m_text);
    layout->addWidget(m_problem);
    layout->addLayout(buttons);
    hide();
}

void PlacementCard::addButtons(QLayout& layout) {
    for (auto* button : {m_placeA, m_placeB, m_edit, m_skip, m_back}) layout.addWidget(button);
    m_next->setObjectName(QStringLiteral("alsoForNext"));
    m_next->setAccessibleName(tr("How many further versions get the same"));
    m_next->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_next->setFixedWidth(kNextWidth);
    m_also->setText(tr("the same for the next"));
    m_also->setBuddy(m_next);
    m_nextNames->setMinimumWidth(1);
    for (QWidget* part :
         {static_cast<QWidget*>(m_also), static_cast<QWidget*>(m_next), static_cast<QWidget*>(m_nextNames)})
        layout.addWidget(part);
    m_back->setText(tr("Take back"));
    m_back->setToolTip(tr("Forgets this decision and places the statement again"));
    connect(m_next, &QSpinBox::valueChanged, this, &PlacementCard::showSame);
    connect(m_placeA, &QPushButton::clicked, this, [this] { Q_EMIT placed(m_candidates.at(0)); });
    connect(m_placeB, &QPushButton::clicked, this, [this] { Q_EMIT placed(m_candidates.at(1)); });
    connect(m_edit, &QPushButton::clicked, this, &PlacementCard::startEdit);
    connect(m_skip, &QPushButton::clicked, this, &PlacementCard::skipped);
    connect(m_back, &QPushButton::clicked, this, &PlacementCard::takenBack);
}

void PlacementCard::show(const QString& version, const workspace::PlacementView& placement, const QString& statement,
                         bool decided, const QStringList& others) {
    using Kind = workspace::PlacementKind;
    m_candidates = placement.candidates;
    m_statement = statement;
    m_others = others;
    m_conflict = placement.kind == Kind::Conflict;
    const bool any = m_conflict && !m_candidates.empty();
    m_title->setText(m_conflict                        ? tr("%1 has no sure place for this line").arg(version)
                     : placement.kind == Kind::Skipped ? tr("%1 is left out").arg(version)
                     : placement.kind == Kind::ByHand  ? tr("Placed in %1 by hand").arg(version)
                                                       : tr("Placed in %1").arg(version));
    m_reason->setText(text::placementReasonText(placement.reason));
    m_reason->setVisible(m_conflict);
    m_score->setText(any ? tr("best place %1, needs %2")
                               .arg(QString::number(m_candidates.front().score, 'f', 2),
                                    QString::number(workspace::kConfidenceBar, 'f', 2))
                     : statement.isEmpty() ? QString()
                                           : tr("drag the line to move it, or Alt+Up, Alt+Down"));
    m_placeA->setText(tr("Place at A"));
    m_placeB->setText(tr("Place at B"));
    m_edit->setText(tr("Edit for %1").arg(version));
    m_skip->setText(tr("Skip %1").arg(version));
    m_placeA->setVisible(any);
    m_placeB->setVisible(any && m_candidates.size() > 1);
    m_edit->setVisible(!statement.isEmpty());
    m_skip->setVisible(placement.kind != Kind::Skipped);
    m_back->setVisible(decided);
    m_next->setRange(0, static_cast<int>(others.size()));
    m_next->setValue(0);
    showSame();
    m_text->hide();
    m_problem->hide();
    QFrame::show();
    update();
}

void PlacementCard::showSame() {
    const bool any = !m_others.isEmpty();
    m_also->setVisible(any);
    m_next->setVisible(any);
    m_nextNames->setVisible(any);
    const int count = alsoForNext();
    QStringList names = m_others.mid(0, std::min(count, kNamesShown));
    if (count > kNamesShown) names.append(QStringLiteral("… ") + m_others[count - 1]);
    m_nextNames->setText(count > 0 ? names.join(tr(", ", "between versions"))
                                   : tr("of %n version(s)", nullptr, static_cast<int>(m_others.size())));
}

int PlacementCard::alsoForNext() const {
    return m_others.isEmpty() ? 0 : m_next->value();
}

void PlacementCard::focusFirst() {
    (m_placeA->isVisible() ? m_placeA : m_skip)->setFocus(Qt::OtherFocusReason);
}

void PlacementCard::startEdit() {
    m_text->setPlainText(m_statement);
    m_text->show();
    layout()->activate();
    fitEdit();
    m_text->setFocus(Qt::OtherFocusReason);
    m_text->selectAll();
    m_problem->setText(tr("Return places it, Shift+Return starts a line, Esc leaves"));
    m_problem->show();
}

void PlacementCard::fitEdit() {
    // A plain text's height is that of its lines as they wrap.
    const int lines = std::clamp(static_cast<int>(m_text->document()->size().height()), 1, kMostLines);
    m_text->setFixedHeight(lines * QFontMetrics(m_text->font()).lineSpacing() + 14);
}

void PlacementCard::showProblem(const QString& sentence) {
    if (!m_text->isVisible()) return;
    m_problem->setText(sentence);
    m_text->setFocus(Qt::OtherFocusReason);
}

bool PlacementCard::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_text || event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (enter && !(key->modifiers() & Qt::ShiftModifier)) {
        if (!m_text->toPlainText().trimmed().isEmpty()) Q_EMIT edited(m_text->toPlainText());
        return true;
    }
    if (key->key() == Qt::Key_Escape) {
        m_text->hide();
        m_problem->hide();
        m_edit->setFocus(Qt::OtherFocusReason);
        return true;
    }
    return false;
}

void PlacementCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look::color(m_conflict ? look::Color::WarnMark : look::Color::LineStrong));
    painter.setBrush(look::color(look::Color::SurfacePanel));
    const int radius = look::px(look::Size::RadiusDock);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    const int size = look::px(look::Size::Icon);
    look::IconSet::instance().paint(painter, m_conflict ? QStringLiteral("conflict") : QStringLiteral("by-hand"),
                                    QRect(kPad, kPad, size, size),
                                    m_conflict ? look::Color::WarnMark : look::Color::TextTertiary);
}

}  // namespace hindcast::source
