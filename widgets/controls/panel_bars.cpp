// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/panel_bars.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPalette>
#include <QPointer>
#include <QPushButton>

#include "widgets/controls/elided_label.h"
#include "widgets/controls/progress_line.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {

constexpr int kLoadingHeight = 2;
constexpr int kIconColumn = 34;

QPushButton* makeFlatButton(QWidget* parent) {
    auto* button = new QPushButton(parent);
    look::setStyleProperty(button, "kind", QStringLiteral("flat"));
    look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    button->hide();
    return button;
}

void setInk(QLabel* label, const QColor& ink) {
    QPalette palette = label->palette();
    palette.setColor(QPalette::WindowText, ink);
    label->setPalette(palette);
}

}  // namespace

void bindButton(QPushButton* button, QAction* action) {
    // One object holds what was connected for the last action. Disconnecting the button from everything would also
    // cut the style's own cleaning up, and leave it with entries of dead widgets.
    const QString name = QStringLiteral("actionBinding");
    delete button->findChild<QObject*>(name, Qt::FindDirectChildrenOnly);
    button->setVisible(action != nullptr);
    if (!action) return;
    auto* binding = new QObject(button);
    binding->setObjectName(name);
    const auto show = [button, action] {
        button->setText(action->iconText());
        button->setAccessibleName(action->iconText());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
    };
    show();
    QObject::connect(action, &QAction::changed, binding, show);
    QObject::connect(button, &QPushButton::clicked, binding, [target = QPointer<QAction>(action)] {
        if (target) target->trigger();
    });
}

LoadingLine::LoadingLine(QWidget* parent) : QWidget(parent) {
    setFixedHeight(kLoadingHeight);
}

void LoadingLine::setPart(std::optional<double> part) {
    m_part = part;
    setVisible(part.has_value());
    update();
}

void LoadingLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_part) paintProgress(painter, rect(), *m_part);
}

BannerBar::BannerBar(QWidget* parent) : QWidget(parent), m_sentence(new QLabel(this)), m_button(makeFlatButton(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kIconColumn, 4, 8, 4);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setFont(look::font(look::TextRole::Body));
    layout->addWidget(m_sentence, 1);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    setMinimumHeight(look::px(look::Size::DockHeader));
    hide();
    connect(&look::Theme::instance(), &look::Theme::changed, this,
            [this] { setInk(m_sentence, look::tokens().text(m_meaning)); });
}

void BannerBar::show(look::Meaning meaning, const QString& sentence, QAction* action) {
    m_meaning = meaning;
    m_sentence->setText(sentence);
    setInk(m_sentence, look::tokens().text(meaning));
    bindButton(m_button, action);
    setAccessibleName(sentence);
    setVisible(true);
    update();
}

void BannerBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), look::tokens().ground(m_meaning));
    const int side = look::px(look::Size::Icon);
    const QRect icon(12, (height() - side) / 2, side, side);
    const QString name = look::iconOf(m_meaning);
    if (!name.isEmpty()) look::IconSet::instance().paint(painter, name, icon, look::tokens().mark(m_meaning));
}

FooterBar::FooterBar(QWidget* parent) : QWidget(parent), m_note(new ElidedLabel(this)), m_button(makeFlatButton(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 1, 6, 0);
    m_note->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(m_note, "role", QStringLiteral("caption"));
    layout->addWidget(m_note, 1);
    layout->addWidget(m_button);
    look::setStyleProperty(m_button, "sizing", QStringLiteral("footer"));
    setFixedHeight(look::rowHeight(look::Size::StatusBar, m_note->fontMetrics()) + 1);
    hide();
}

void FooterBar::setNote(const QString& text, QAction* action) {
    m_note->setWhole(text);
    bindButton(m_button, action);
    setVisible(!text.isEmpty());
}

void FooterBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), look::color(look::Color::SurfaceSunken));
    painter.fillRect(QRect(0, 0, width(), 1), look::color(look::Color::LineHair));
}

}  // namespace hindcast::controls
