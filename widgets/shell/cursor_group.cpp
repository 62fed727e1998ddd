// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/cursor_group.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <algorithm>

#include "widgets/commands/command_set.h"
#include "widgets/controls/chip.h"
#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::shell {

namespace {
constexpr int kFieldWidth = 104;

QToolButton* toolFor(QAction* action) {
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    button->setAccessibleName(action->iconText());
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}
}  // namespace

CursorGroup::CursorGroup(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : QWidget(parent),
      m_project(project),
      m_field(new QSpinBox),
      m_reference(new controls::Chip(controls::Chip::Kind::View, QString())) {
    m_field->setObjectName(QStringLiteral("cursorField"));
    m_field->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_field->setAlignment(Qt::AlignRight);
    m_field->setFixedWidth(kFieldWidth);
    m_field->setKeyboardTracking(false);
    m_field->setAccessibleName(tr("Time cursor"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(toolFor(commands.action(QStringLiteral("cursor.back"))));
    layout->addWidget(m_field);
    layout->addWidget(toolFor(commands.action(QStringLiteral("cursor.forward"))));
    layout->addWidget(toolFor(commands.action(QStringLiteral("cursor.nextCapture"))));
    layout->addWidget(toolFor(commands.action(QStringLiteral("cursor.reference"))));
    layout->addWidget(m_reference);
    auto& cursor = project.cursor();
    connect(m_field, &QSpinBox::valueChanged, &cursor, [&cursor](int value) { cursor.setPosition(value); });
    connect(&cursor, &look::TimeCursor::moved, this, &CursorGroup::showCursor);
    connect(&cursor, &look::TimeCursor::lastChanged, this, &CursorGroup::showCursor);
    connect(&cursor, &look::TimeCursor::referenceChanged, this, &CursorGroup::showReference);
    connect(m_reference, &controls::Chip::removeRequested, &cursor, &look::TimeCursor::clearReference);
    showCursor();
    showReference();
}

void CursorGroup::showCursor() {
    const QSignalBlocker quiet(m_field);
    const auto& cursor = m_project.cursor();
    const auto& versions = m_project.versions();
    const QString loop = versions.empty() ? QString() : text::fromUtf8(versions.front().outerLoop);
    m_field->setPrefix(loop.isEmpty() ? QString() : loop + QLatin1Char(' '));
    m_field->setEnabled(cursor.last() >= 0);
    m_field->setRange(0, std::max(0, static_cast<int>(cursor.last())));
    m_field->setValue(cursor.iteration());
}

void CursorGroup::showReference() {
    const auto& reference = m_project.cursor().reference();
    m_reference->setVisible(reference.has_value());
    if (reference) m_reference->setText(tr("B: reference %1").arg(*reference));
}

}  // namespace hindcast::shell
