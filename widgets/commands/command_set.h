// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QObject>
#include <QStringList>
#include <functional>
#include <map>
#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace hindcast::commands {

/// One thing the user can do. Menus, shortcuts, tooltips and the palette are all made from it.
struct Command {
    QString id;    ///< "replay.start"; stable, not translated
    QString text;  ///< translated: "Replay"
    QString menu;  ///< id of the menu it stands in; "" = palette and shortcut only
    QString icon;  ///< name in the icon set, may be empty
    QList<QKeySequence> keys;
    std::function<void()> run;
    std::function<QString()> blocked;  ///< why it cannot run now; empty text (or no function) = it can
    std::function<bool()> checked;     ///< makes it a switch
};

/// The words of a command without the mark of its key: "&Replay" and "リプレイ(&R)" alike.
QString plainText(const QString& text);

/// The one registry of commands. Owns a QAction per command; actions belong to `host`, which gives the shortcuts their
/// window. GUI thread only.
class CommandSet : public QObject {
    Q_OBJECT
public:
    explicit CommandSet(QWidget* host);

    QAction* add(Command command);
    /// Programmer error when there is no such command.
    QAction* action(const QString& id) const;
    const std::vector<Command>& all() const { return m_commands; }
    /// Fills a menu with the commands whose `menu` is `id`, in the order they were added; a separator where
    /// `separatorBefore` was called.
    void fill(QMenu* menu, const QString& id) const;
    void separatorBefore(const QString& id);
    /// Asks every command again whether it can run and whether it is on.
    void update();
    QString whyBlocked(const QString& id) const;

private:
    void describe(const Command& command, QAction* action) const;

    QWidget* m_host;
    std::vector<Command> m_commands;
    std::map<QString, QAction*> m_actions;
    QStringList m_separators;
};

}  // namespace hindcast::commands
