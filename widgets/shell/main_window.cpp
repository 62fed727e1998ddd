// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDataStream>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/commands/command_palette.h"
#include "widgets/commands/command_set.h"
#include "widgets/controls/panel_bars.h"
#include "widgets/explore/explore_page.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/shell/first_run_page.h"
#include "widgets/shell/probe_page.h"
#include "widgets/shell/search_field.h"
#include "widgets/shell/status_row.h"
#include "widgets/shell/surroundings.h"
#include "widgets/shell/tool_row.h"
#include "widgets/shell/window_commands.h"
#include "widgets/sql/sql_panel.h"
#include "widgets/text/error_text.h"
#include "widgets/text/words.h"

namespace hindcast::shell {

namespace {
constexpr QSize kLeast(1100, 700);
constexpr QSize kFirst(1600, 1000);
constexpr QSize kFrame(8, 40);  ///< about what a window manager puts around it
constexpr int kDrawer = 340;
constexpr int kPagesOverDrawer = 552;
constexpr int kLeastDrawer = 180;
constexpr int kLeastPages = 420;
}  // namespace

MainWindow::MainWindow(Surroundings& surroundings) : m_surroundings(surroundings) {
    setObjectName(QStringLiteral("window"));
    setMinimumSize(kLeast);
    resize(kFirst.boundedTo(screen()->availableSize() - kFrame).expandedTo(kLeast));
    setAcceptDrops(true);
    connect(&look::Theme::instance(), &look::Theme::changed, this, &MainWindow::rebuildSoon);
    connect(&surroundings, &Surroundings::demoRecorded, this,
            [this](const QString& folder) { open(folder.toStdString()); });
    build();
}

MainWindow::~MainWindow() {
    // Panels first: they look at the project while they go.
    delete takeCentralWidget();
}

void MainWindow::open(const std::filesystem::path& path) {
    m_opening = std::make_unique<models::Project>(m_surroundings.opener());
    if (m_first) m_first->setOpening(QString::fromStdString(path.string()));
    connect(m_opening.get(), &models::Project::opened, this, &MainWindow::projectOpened);
    connect(m_opening.get(), &models::Project::openFailed, this, [this](const base::Error& error) {
        const QString sentence = text::errorText(error);
        if (m_first)
            m_first->showProblem(sentence);
        else
            tellError(error);
        m_opening.release()->deleteLater();
    });
    m_opening->open(path);
}

void MainWindow::projectOpened() {
    keepLayouts();
    // The panels of the old project must be gone before it goes.
    delete takeCentralWidget();
    m_first = nullptr;
    m_explore = nullptr;
    m_probe = nullptr;
    m_sql = nullptr;
    m_project = std::move(m_opening);
    connect(m_project.get(), &models::Project::failed, this, &MainWindow::tellError);
    m_surroundings.rememberProject(m_project->folder());
    build();
    Q_EMIT projectShown();
}

void MainWindow::build() {
    delete takeCentralWidget();
    delete m_palette;
    menuBar()->clear();
    if (auto* corner = menuBar()->cornerWidget()) delete corner;
    delete m_commands;
    m_first = nullptr;
    m_explore = nullptr;
    m_probe = nullptr;
    m_sql = nullptr;
    m_tools = nullptr;
    m_commands = new commands::CommandSet(this);
    addWindowCommands(*this, *m_commands);
    m_palette = new commands::CommandPalette(this);
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    const int margin = look::px(look::Size::WindowMargin);
    layout->setContentsMargins(margin, 0, margin, 0);
    layout->setSpacing(0);
    m_banner = new controls::BannerBar;
    m_banner->hide();
    m_pages = new QStackedWidget;
    m_pages->setObjectName(QStringLiteral("workspaces"));
    if (m_project) {
        m_tools = new ToolRow(*m_project, *m_commands);
        layout->addWidget(m_tools);
    }
    layout->addWidget(m_banner);
    m_body = new QSplitter(Qt::Vertical);
    m_body->setHandleWidth(look::px(look::Size::DockGap));
    m_body->setChildrenCollapsible(false);
    m_body->addWidget(m_pages);
    layout->addWidget(m_body, 1);
    layout->addWidget(new StatusRow(m_project.get(), *m_commands, m_surroundings));
    setCentralWidget(central);
    if (m_project)
        buildProjectPages();
    else
        buildFirstPage();
    buildMenus();
    m_commands->update();
    setWindowTitle(m_project ? tr("%1 – Hindcast", "window title, a project").arg(m_project->name())
                             : QStringLiteral("Hindcast"));
}

void MainWindow::buildMenus() {
    for (const auto& menu : menuTitles()) {
        auto* made = menuBar()->addMenu(menu.title);
        m_commands->fill(made, menu.id);
        made->setEnabled(!made->isEmpty() && (m_project || !menu.needsProject));
        connect(made, &QMenu::aboutToShow, m_commands, &commands::CommandSet::update);
    }
    const auto* palette = m_commands->action(QStringLiteral("view.palette"));
    auto* search = new SearchField(m_project ? tr("Search commands, versions, metrics") : tr("Search commands"),
                                   palette->shortcut().toString(QKeySequence::NativeText));
    connect(search, &QAbstractButton::clicked, this, &MainWindow::openPalette);
    // The corner is as high as the bar; the room around the field keeps it in the middle and in line with the panels.
    auto* corner = new QWidget;
    auto* layout = new QHBoxLayout(corner);
    const int bar = look::px(look::Size::MenuBar);
    const int above = (bar - search->sizeHint().height()) / 2;
    layout->setContentsMargins(0, above, look::px(look::Size::WindowMargin), bar - search->sizeHint().height() - above);
    layout->addWidget(search);
    menuBar()->setFixedHeight(bar);
    menuBar()->setCornerWidget(corner);
    // A menu bar that is on the screen already does not show what it is given.
    corner->show();
}

void MainWindow::buildProjectPages() {
    m_explore = new explore::ExplorePage(*m_project, *m_commands);
    m_probe = new ProbePage(*m_project, *m_commands, m_surroundings);
    m_explore->restoreLayout(m_surroundings.layoutOf(QStringLiteral("explore")));
    m_probe->restoreLayout(m_surroundings.layoutOf(QStringLiteral("probe")));
    m_pages->addWidget(m_explore);
    m_pages->addWidget(m_probe);
    connect(m_tools, &ToolRow::pageChosen, this, [this](int page) { showPage(static_cast<Page>(page)); });
    const auto update = [this] { m_commands->update(); };
    connect(&m_project->replay(), &models::ReplayDesk::progressChanged, m_commands, update);
    connect(&m_project->replay(), &models::ReplayDesk::planChanged, m_commands, update);
    connect(&m_project->choice(), &models::Choice::currentChanged, m_commands, update);
    connect(&m_project->choice(), &models::Choice::probeChanged, m_commands, update);
    connect(&m_project->probes(), &models::ProbeStore::changed, m_commands, update);
    buildDrawer();
    showPage(m_page);
}

/// Shown or hidden as it was, and as high.
void MainWindow::buildDrawer() {
    m_sql = new sql::SqlPanel(*m_project, *m_commands);
    m_sql->setMinimumHeight(kLeastDrawer);
    m_body->addWidget(m_sql);
    m_body->setStretchFactor(0, 1);
    bool shown = false;
    QByteArray sizes;
    QDataStream stream(m_surroundings.layoutOf(QStringLiteral("drawer")));
    stream >> shown >> sizes;
    const bool known = stream.status() == QDataStream::Ok && m_body->restoreState(sizes);
    if (!known) m_body->setSizes({kPagesOverDrawer, kDrawer});
    m_sql->setVisible(known && shown);
    QTimer::singleShot(0, this, &MainWindow::makeRoom);
    connect(&m_project->queries(), &models::QueryDesk::finished, m_commands, [this] { m_commands->update(); });
    connect(&m_project->queries(), &models::QueryDesk::started, m_commands, [this] { m_commands->update(); });
}

bool MainWindow::showsSql() const {
    return m_sql && !m_sql->isHidden();
}

void MainWindow::showSql(bool shown) {
    if (!m_sql) return;
    m_sql->setVisible(shown);
    makeRoom();
    if (shown) m_sql->takeFocus();
    m_commands->update();
}

void MainWindow::makeRoom() {
    const bool both = m_body->height() >= kLeastPages + m_body->handleWidth() + kLeastDrawer;
    m_pages->setVisible(!showsSql() || both);
}

void MainWindow::buildFirstPage() {
    m_first = new FirstRunPage(*m_commands, m_surroundings);
    m_pages->addWidget(m_first);
}

void MainWindow::showPage(Page page) {
    m_page = page;
    if (!m_project) return;
    if (m_pages->isHidden()) showSql(false);
    m_pages->setCurrentIndex(page);
    m_tools->showPage(page);
    m_commands->update();
}

void MainWindow::rebuildSoon() {
    if (m_rebuilding) return;
    m_rebuilding = true;
    QTimer::singleShot(0, this, [this] {
        m_rebuilding = false;
        keepLayouts();
        build();
    });
}

void MainWindow::keepLayouts() {
    if (m_explore) m_surroundings.keepLayout(QStringLiteral("explore"), m_explore->saveLayout());
    if (m_probe) m_surroundings.keepLayout(QStringLiteral("probe"), m_probe->saveLayout());
    if (!m_sql) return;
    QByteArray drawer;
    QDataStream(&drawer, QIODevice::WriteOnly) << showsSql() << m_body->saveState();
    m_surroundings.keepLayout(QStringLiteral("drawer"), drawer);
}

void MainWindow::resetLayout() {
    m_surroundings.keepLayout(QStringLiteral("explore"), QByteArray());
    m_surroundings.keepLayout(QStringLiteral("probe"), QByteArray());
    m_surroundings.keepLayout(QStringLiteral("drawer"), QByteArray());
    QTimer::singleShot(0, this, &MainWindow::build);
}

void MainWindow::tellError(const base::Error& error) {
    auto* dismiss = new QAction(tr("Close"), m_banner);
    connect(dismiss, &QAction::triggered, m_banner, &QWidget::hide);
    m_banner->show(look::Meaning::Error, text::errorText(error), dismiss);
}

void MainWindow::openPalette() {
    auto entries = commands::CommandPalette::entriesOf(*m_commands, menuTitle);
    if (m_project) {
        for (const auto& version : m_project->versions()) {
            entries.push_back({text::versionName(version.number), tr("Version"), QString(), QStringLiteral("version"),
                               QString(), [this, uuid = version.uuid] { m_project->choice().setCurrent(uuid); }});
        }
        for (const auto& name : m_project->names()) {
            const QString metric = text::fromUtf8(name.name);
            entries.push_back({metric, tr("Metric: show or hide its chart"), QString(), QStringLiteral("chart-line"),
                               QString(), [this, metric] {
                                   auto& choice = m_project->choice();
                                   choice.setMetricShown(metric, !choice.metrics().contains(metric));
                               }});
        }
    }
    m_palette->open(std::move(entries));
}

void MainWindow::chooseFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a project folder"));
    if (!folder.isEmpty()) open(folder.toStdString());
}

void MainWindow::stepPanel(int direction) {
    auto panels = m_pages->currentWidget()->findChildren<controls::PanelFrame*>();
    if (showsSql()) panels.append(m_sql);
    panels.erase(std::remove_if(panels.begin(), panels.end(), [](const auto* panel) { return !panel->isVisible(); }),
                 panels.end());
    if (panels.isEmpty()) return;
    const auto holds = [](const auto* panel) { return panel->isAncestorOf(QApplication::focusWidget()); };
    const auto current = std::find_if(panels.begin(), panels.end(), holds);
    const auto count = panels.size();
    const auto at = current == panels.end() ? (direction > 0 ? -1 : 0) : current - panels.begin();
    auto* next = panels[(at + direction + count) % count]->content();
    auto* target = next ? next->nextInFocusChain() : nullptr;
    for (QWidget* widget = next; widget; widget = widget == target ? nullptr : target) {
        if (widget->focusPolicy() & Qt::TabFocus) return widget->setFocus(Qt::TabFocusReason);
    }
    for (auto* child : next->findChildren<QWidget*>()) {
        if ((child->focusPolicy() & Qt::TabFocus) && child->isVisible() && child->isEnabled())
            return child->setFocus(Qt::TabFocusReason);
    }
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) rebuildSoon();
    QMainWindow::changeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    // The splitter has its new height when the layout is done.
    if (m_sql) QTimer::singleShot(0, this, &MainWindow::makeRoom);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    keepLayouts();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    open(event->mimeData()->urls().front().toLocalFile().toStdString());
}

}  // namespace hindcast::shell
