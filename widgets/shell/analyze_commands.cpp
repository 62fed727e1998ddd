// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/analyze_commands.h"

#include <QCoreApplication>

#include "widgets/commands/command_set.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"
#include "widgets/sql/sql_panel.h"

namespace hindcast::shell {

namespace {
using Keys = QList<QKeySequence>;

/// The context of the sentences in this file.
class AnalyzeCommands {
    Q_DECLARE_TR_FUNCTIONS(AnalyzeCommands)
};

QString id(const char* name) {
    return QString::fromLatin1(name);
}

QString whyNoAnswer(MainWindow& window) {
    if (!window.project()) return AnalyzeCommands::tr("Open a project first");
    const auto& queries = window.project()->queries();
    if (queries.isRunning()) return AnalyzeCommands::tr("A query is running");
    return queries.answer() ? QString() : AnalyzeCommands::tr("Run a query first");
}

QString whyNoSql(MainWindow& window) {
    if (!window.project()) return AnalyzeCommands::tr("Open a project first");
    return window.showsSql() ? QString() : AnalyzeCommands::tr("Open the SQL drawer first");
}
}  // namespace

void addAnalyzeCommands(MainWindow& window, commands::CommandSet& set) {
    set.add({id("analyze.sql"), AnalyzeCommands::tr("&SQL over all versions"), id("analyze"), id("sql"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Q)}, [&window] { window.showSql(!window.showsSql()); },
             [&window] { return window.project() ? QString() : AnalyzeCommands::tr("Open a project first"); },
             [&window] { return window.showsSql(); }});
    set.separatorBefore(id("sql.run"));
    set.add({id("sql.run"),
             AnalyzeCommands::tr("&Run the query"),
             id("analyze"),
             id("play"),
             {},
             [&window] { window.sqlPanel()->run(); },
             [&window] {
                 const QString closed = whyNoSql(window);
                 if (!closed.isEmpty()) return closed;
                 return window.project()->queries().isRunning() ? AnalyzeCommands::tr("A query is running") : QString();
             },
             {}});
    set.add({id("sql.stop"),
             AnalyzeCommands::tr("S&top the query"),
             id("analyze"),
             id("stop"),
             {},
             [&window] { window.sqlPanel()->stop(); },
             [&window] {
                 const bool running = window.project() && window.project()->queries().isRunning();
                 return running ? QString() : AnalyzeCommands::tr("No query is running");
             },
             {}});
    set.add({id("sql.save"),
             AnalyzeCommands::tr("&Keep the query under a name…"),
             id("analyze"),
             id("tag"),
             {},
             [&window] { window.sqlPanel()->saveQuery(); },
             [&window] { return whyNoSql(window); },
             {}});
    set.separatorBefore(id("sql.copy"));
    set.add({id("sql.copy"),
             AnalyzeCommands::tr("&Copy the rows"),
             id("analyze"),
             id("copy"),
             {},
             [&window] { window.sqlPanel()->copy(); },
             [&window] { return whyNoAnswer(window); },
             {}});
    set.add({id("sql.export"),
             AnalyzeCommands::tr("&Export the rows as CSV…"),
             id("analyze"),
             id("export"),
             {},
             [&window] { window.sqlPanel()->exportCsv(); },
             [&window] { return whyNoAnswer(window); },
             {}});
}

}  // namespace hindcast::shell
