// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/commands/command_set.h"

#include <QAction>
#include <QMenu>
#include <QRegularExpression>
#include <QWidget>

#include "widgets/look/icon_set.h"

namespace hindcast::commands {

QString plainText(const QString& text) {
    static const QRegularExpression kKeyAtEnd(QStringLiteral("\\(&.\\)"));
    return QString(text).remove(kKeyAtEnd).remove(QLatin1Char('&'));
}

CommandSet::CommandSet(QWidget* host) : QObject(host), m_host(host) {}

QAction* CommandSet::add(Command command) {
    auto* action = new QAction(command.text, this);
    // What buttons show; menus show the text with its key.
    action->setIconText(plainText(command.text));
    if (!command.icon.isEmpty()) action->setIcon(look::IconSet::instance().icon(command.icon));
    action->setObjectName(command.id);
    action->setShortcuts(command.keys);
    action->setCheckable(static_cast<bool>(command.checked));
    connect(action, &QAction::triggered, this, [this, run = command.run] {
        run();
        update();
    });
    m_host->addAction(action);
    m_actions[command.id] = action;
    m_commands.push_back(std::move(command));
    describe(m_commands.back(), action);
    return action;
}

QAction* CommandSet::action(const QString& id) const {
    const auto found = m_actions.find(id);
    Q_ASSERT_X(found != m_actions.end(), "CommandSet::action", qPrintable(id));
    return found->second;
}

void CommandSet::fill(QMenu* menu, const QString& id) const {
    for (const Command& command : m_commands) {
        if (command.menu != id) continue;
        if (m_separators.contains(command.id) && !menu->isEmpty()) menu->addSeparator();
        menu->addAction(m_actions.at(command.id));
    }
}

void CommandSet::separatorBefore(const QString& id) {
    m_separators.append(id);
}

void CommandSet::update() {
    for (const Command& command : m_commands) describe(command, m_actions.at(command.id));
}

QString CommandSet::whyBlocked(const QString& id) const {
    for (const Command& command : m_commands) {
        if (command.id == id && command.blocked) return command.blocked();
    }
    return QString();
}

void CommandSet::describe(const Command& command, QAction* action) const {
    const QString why = command.blocked ? command.blocked() : QString();
    action->setEnabled(why.isEmpty());
    if (command.checked) action->setChecked(command.checked());
    QString tip = plainText(command.text);
    if (!why.isEmpty()) tip += QLatin1Char('\n') + why;
    if (!command.keys.isEmpty()) tip += QLatin1Char('\n') + command.keys.front().toString(QKeySequence::NativeText);
    action->setToolTip(tip);
}

}  // namespace hindcast::commands
