// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <filesystem>
#include <memory>

class QSplitter;
class QStackedWidget;

namespace hindcast::base {
class Error;
}
namespace hindcast::commands {
class CommandPalette;
class CommandSet;
}  // namespace hindcast::commands
namespace hindcast::controls {
class BannerBar;
}
namespace hindcast::explore {
class ExplorePage;
}
namespace hindcast::models {
class Project;
}
namespace hindcast::sql {
class SqlPanel;
}

namespace hindcast::shell {

class FirstRunPage;
class ProbePage;
class StatusRow;
class Surroundings;
class ToolRow;

/// The window: menus, tool bar, one of the workspaces (or the first page) and below it the SQL drawer, status bar. The
/// project outlives what shows it: when language or theme change, everything visible is built again around the same
/// project, cursor and choices.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum Page : std::uint8_t { Explore, Probe };

    explicit MainWindow(Surroundings& surroundings);
    ~MainWindow() override;

    /// Opens a project in the background; the first page stays, with a reason, when that fails.
    void open(const std::filesystem::path& path);
    /// Null while no project is open.
    models::Project* project() const { return m_project.get(); }
    commands::CommandSet& commandSet() const { return *m_commands; }
    Surroundings& surroundings() const { return m_surroundings; }
    explore::ExplorePage* explorePage() const { return m_explore; }
    ProbePage* probePage() const { return m_probe; }
    /// The drawer below the workspaces.
    sql::SqlPanel* sqlPanel() const { return m_sql; }
    Page page() const { return m_page; }

    void showPage(Page page);
    /// Where there is no room for both, the drawer takes the place of the workspaces until it is closed.
    void showSql(bool shown);
    bool showsSql() const;
    void openPalette();
    void chooseFolder();
    /// Moves the keyboard to the next (+1) or previous panel.
    void stepPanel(int direction);
    void resetLayout();

Q_SIGNALS:
    /// A project is shown.
    void projectShown();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void buildMenus();
    void buildProjectPages();
    void buildDrawer();
    void makeRoom();
    void buildFirstPage();
    void rebuildSoon();
    void keepLayouts();
    void tellError(const base::Error& error);
    void projectOpened();

    Surroundings& m_surroundings;
    std::unique_ptr<models::Project> m_project;
    std::unique_ptr<models::Project> m_opening;
    commands::CommandSet* m_commands = nullptr;
    commands::CommandPalette* m_palette = nullptr;
    QStackedWidget* m_pages = nullptr;
    QSplitter* m_body = nullptr;  ///< the pages, the drawer below them
    sql::SqlPanel* m_sql = nullptr;
    controls::BannerBar* m_banner = nullptr;
    ToolRow* m_tools = nullptr;
    FirstRunPage* m_first = nullptr;
    explore::ExplorePage* m_explore = nullptr;
    ProbePage* m_probe = nullptr;
    Page m_page = Explore;
    bool m_rebuilding = false;
};

}  // namespace hindcast::shell
