// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace hindcast::commands {
class CommandSet;
}

namespace hindcast::shell {

class MainWindow;

/// The commands of the menu Replay.
void addReplayCommands(MainWindow& window, commands::CommandSet& set);

}  // namespace hindcast::shell
