// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

namespace hindcast::commands {
class CommandSet;
}

namespace hindcast::shell {

class MainWindow;

struct MenuTitle {
    QString id;
    QString title;
    bool needsProject = false;
};

/// The menus in their order, translated.
std::vector<MenuTitle> menuTitles();
/// Translated title of a menu without its mnemonic; "" for an unknown one.
QString menuTitle(const QString& id);
/// Every command of the window. Called anew whenever the window builds itself.
void addWindowCommands(MainWindow& window, commands::CommandSet& commands);

}  // namespace hindcast::shell
