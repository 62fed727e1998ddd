// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/editor_panel.h"

#include <Qsci/qscistyle.h>

#include <QAction>
#include <QMenu>
#include <QScrollBar>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/source/code_view.h"
#include "widgets/source/history_card.h"
#include "widgets/source/insertion_point.h"
#include "widgets/source/probe_entry.h"
#include "widgets/source/python_lexer.h"
#include "widgets/source/value_line.h"
#include "widgets/text/error_text.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
/// Styles above what the lexer uses; QScintilla has few, so they are shared by all editors.
constexpr int kValueStyle = 64;
/// Room of a header that its count and its tools take, and of a tab beside its text.
constexpr int kBesideTabs = 150;
constexpr int kAroundTab = 20;
}  // namespace

EditorPanel::EditorPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Editor"), parent),
      m_project(project),
      m_code(new CodeView),
      m_history(new HistoryCard(project)),
      m_entry(nullptr) {
    m_code->setObjectName(QStringLiteral("editor"));
    m_code->setAccessibleName(tr("Newest source with probes"));
    m_code->setOffersPlus(true);
    buildContent(commands);
    m_entry = new ProbeEntry(m_code->viewport());
    addFileMenu();
    header()->addTool(commands.action(QStringLiteral("probe.add")));
    m_values.setSingleShot(true);
    m_values.setInterval(static_cast<int>(1000 / look::measure(look::Measure::LiveRepaintHz)));
    connect(&m_values, &QTimer::timeout, this, &EditorPanel::annotate);
    connect(m_code, &CodeView::plusClicked, this, &EditorPanel::startAt);
    connect(m_code, &CodeView::markClicked, this, [this](int line) {
        m_code->setCursorPosition(line, 0);
        if (const auto* probe = probeAtCaret()) m_project.choice().setProbe(QString::fromStdString(probe->id));
    });
    connect(m_code, &CodeView::scrolled, this, &EditorPanel::placeEntry);
    connect(m_entry, &ProbeEntry::accepted, this, &EditorPanel::accept);
    connect(m_entry, &ProbeEntry::cancelled, this, &EditorPanel::closeEntry);
    connect(m_entry, &ProbeEntry::heightChanged, this, &EditorPanel::placeEntry);
    connectProject();
    showFiles();
    showProbe(project.choice().probe());
}

void EditorPanel::buildContent(commands::CommandSet& commands) {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_code, 1);
    layout->addWidget(m_history);
    setContent(content);
    connect(m_history, &HistoryCard::closed, m_code, [this] { m_code->setFocus(Qt::OtherFocusReason); });
    // From the code too, but not from what is being typed over it.
    auto* leave = new QShortcut(Qt::Key_Escape, m_code, nullptr, nullptr, Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, this, [this] {
        if (m_history->isVisible()) m_history->close();
    });
    m_code->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const char* id : {"probe.add", "probe.history"}) m_code->addAction(commands.action(QLatin1String(id)));
}

void EditorPanel::showHistoryAtCaret() {
    int line = 0;
    int column = 0;
    m_code->getCursorPosition(&line, &column);
    if (!m_file.isEmpty()) m_history->show(m_file, line + 1);
}

/// Every file of the project, of which only some have a tab.
void EditorPanel::addFileMenu() {
    auto* action = new QAction(tr("All files"), this);
    action->setToolTip(tr("All files of the project"));
    action->setIcon(look::IconSet::instance().icon(QStringLiteral("chevron-down")));
    auto* menu = new QMenu(this);
    action->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const QString& file : m_project.sources().files())
            menu->addAction(file, this, [this, file] { showFile(file); });
    });
    m_allFiles = header()->addTool(action);
    m_allFiles->setPopupMode(QToolButton::InstantPopup);
}

void EditorPanel::connectProject() {
    auto& sources = m_project.sources();
    connect(&sources, &models::SourceStore::filesChanged, this, &EditorPanel::showFiles);
    connect(&sources, &models::SourceStore::changed, this, [this](const QString& file) {
        if (file == m_file) showText();
    });
    connect(&sources, &models::SourceStore::failed, this, [this](const QString& file, const base::Error& error) {
        if (file.isEmpty() || file == m_file) showBanner(look::Meaning::Error, text::errorText(error));
    });
    connect(&m_project.probes(), &models::ProbeStore::failed, this, &EditorPanel::probeFailed);
    connect(&m_project.probes(), &models::ProbeStore::added, this, [this](const QString& id) {
        if (m_waiting) closeEntry();
        m_project.choice().setProbe(id);
    });
    connect(&m_project.probes(), &models::ProbeStore::changed, this, [this] {
        if (m_waiting && !m_edited.isEmpty()) closeEntry();
    });
    connect(header(), &controls::PanelHeader::tabChosen, this, [this](int tab) { showFile(m_tabs.value(tab)); });
    const auto later = [this] {
        if (!m_values.isActive()) m_values.start();
    };
    connect(&m_project.probes(), &models::ProbeStore::placementsChanged, this, later);
    connect(&m_project.series(), &models::SeriesStore::changed, this, later);
    connect(&m_project.cursor(), &look::TimeCursor::moved, this, later);
    connect(&m_project.choice(), &models::Choice::emphasisChanged, this, later);
}

void EditorPanel::showFiles() {
    const QStringList files = m_project.sources().files();
    if (files.isEmpty()) {
        setPlaceholder(new controls::EmptyState(QStringLiteral("probe-statement"), tr("No source yet"),
                                                tr("The source of a version is stored when its run starts.")));
        return;
    }
    setPlaceholder(nullptr);
    showFile(files.contains(m_file) ? m_file : files.front());
    showTabs();
}

/// The first files, as many as there is room for; the last place goes to the shown file where it has none.
void EditorPanel::showTabs() {
    const QStringList files = m_project.sources().files();
    if (files.isEmpty()) return;
    const QFontMetrics metrics(look::font(look::TextRole::Strong));
    int room = width() - kBesideTabs;
    QStringList tabs;
    for (const QString& file : files) {
        room -= metrics.horizontalAdvance(file) + kAroundTab;
        if (room < 0 && !tabs.isEmpty()) break;
        tabs.append(file);
    }
    if (!tabs.contains(m_file)) tabs.last() = m_file;
    m_allFiles->setVisible(tabs.size() < files.size());
    if (tabs != m_tabs) {
        m_tabs = tabs;
        header()->setTabs(tabs);
    }
    header()->setCurrentTab(static_cast<int>(tabs.indexOf(m_file)));
}

void EditorPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    showTabs();
}

void EditorPanel::showFile(const QString& file) {
    if (file.isEmpty()) return;
    if (file == m_file && m_tabs.contains(file) && m_project.sources().newest(file)) return;
    m_file = file;
    showTabs();
    if (m_project.sources().newest(file)) showText();
    m_project.sources().read(file);
}

void EditorPanel::showText() {
    const auto* source = m_project.sources().newest(m_file);
    if (!source) return;
    clearBanner();
    m_code->showText(QString::fromStdString(source->text));
    const auto& versions = m_project.versions();
    const QString newest = versions.empty() ? QString() : text::versionName(versions.front().number);
    header()->setCountText(source->fromWorkTree ? tr("your file") : tr("newest, %1").arg(newest));
    decorate();
    scrollToProbe();
    if (m_entry->isVisible()) placeEntry();
}

void EditorPanel::decorate() {
    const auto* source = m_project.sources().newest(m_file);
    if (!source) return;
    for (const auto& probe : source->probes) {
        m_code->mark(probe.firstLine - 1, CodeView::Mark::Probe);
        for (int line = probe.firstLine; line <= probe.lastLine; ++line)
            m_code->mark(line - 1, CodeView::Mark::ProbeGround);
    }
    annotate();
}

/// The note below a probe: values at the left, placements at the right, as far as the line is wide.
void EditorPanel::annotate() {
    const auto* source = m_project.sources().newest(m_file);
    if (!source) return;
    static const QsciStyle kNote = [] {
        QsciStyle style(kValueStyle);
        style.setEolFill(true);
        return style;
    }();
    QsciStyle note = kNote;
    note.setFont(editorFont(look::TextRole::Caption));
    note.setColor(look::color(look::Color::TextSecondary));
    note.setPaper(look::color(look::Color::CodeProbeGround));
    m_code->clearAnnotations();
    const QFontMetrics metrics(note.font());
    const int columns = (m_code->viewport()->width() - 70) / qMax(1, metrics.horizontalAdvance(QLatin1Char('0')));
    for (const auto& probe : source->probes) {
        const auto* view = m_project.probes().find(QString::fromStdString(probe.probe));
        if (!view) continue;
        const ValueLine line = valueLine(m_project, *view);
        const auto gap = columns - line.values.size() - line.placements.size() - 2;
        const QString text =
            QLatin1Char(' ') + line.values + QString(qMax<qsizetype>(3, gap), QLatin1Char(' ')) + line.placements;
        m_code->annotate(probe.lastLine - 1, text, note);
    }
    if (m_entry->isVisible()) placeEntry();
}

void EditorPanel::startAtCaret() {
    int line = 0;
    int column = 0;
    m_code->getCursorPosition(&line, &column);
    startAt(line);
}

void EditorPanel::startAt(int line) {
    const InsertionPoint point = insertionAfter(m_code->textLines(), line);
    m_edited.clear();
    m_beforeLine = point.beforeLine;
    m_indent = point.indent;
    openEntry(point.beforeLine - 2, QString());
}

const workspace::ProbeView* EditorPanel::probeAtCaret() const {
    int line = 0;
    int column = 0;
    m_code->getCursorPosition(&line, &column);
    const auto* source = m_project.sources().newest(m_file);
    if (!source) return nullptr;
    for (const auto& probe : source->probes) {
        if (line + 1 >= probe.firstLine && line + 1 <= probe.lastLine)
            return m_project.probes().find(QString::fromStdString(probe.probe));
    }
    return nullptr;
}

void EditorPanel::editCurrentProbe() {
    const auto* probe = m_project.probes().find(m_project.choice().probe());
    if (!probe) return;
    // What stands in the user's own file is edited there.
    if (probe->typedInWorkTree) return showProbe(m_project.choice().probe());
    if (QString::fromStdString(probe->file) != m_file) showFile(QString::fromStdString(probe->file));
    const int line = probeLine(QString::fromStdString(probe->id));
    if (line < 0) return;
    m_edited = QString::fromStdString(probe->id);
    m_beforeLine = line + 1;
    m_indent = indentOf(m_code->text(line));
    openEntry(line, QString::fromStdString(probe->text));
}

int EditorPanel::probeLine(const QString& id) const {
    const auto* source = m_project.sources().newest(m_file);
    if (!source) return -1;
    for (const auto& probe : source->probes) {
        if (QString::fromStdString(probe.probe) == id) return probe.firstLine - 1;
    }
    return -1;
}

void EditorPanel::showProbe(const QString& id) {
    const auto* probe = m_project.probes().find(id);
    if (!probe) return;
    m_sought = id;
    showFile(QString::fromStdString(probe->file));
    scrollToProbe();
}

void EditorPanel::scrollToProbe() {
    const int line = m_sought.isEmpty() ? -1 : probeLine(m_sought);
    if (line < 0) return;
    m_sought.clear();
    m_code->setCursorPosition(line, 0);
    const int rows = std::max(1, m_code->viewport()->height() / std::max(1, m_code->lineHeight()));
    const int top = m_code->firstVisibleLine();
    if (line < top || line + 2 >= top + rows) m_code->setFirstVisibleLine(std::max(0, line - rows / 2));
}

void EditorPanel::openEntry(int belowLine, const QString& text) {
    m_waiting = false;
    m_entryBelow = std::max(0, belowLine);
    m_code->ensureLineVisible(m_entryBelow + 3);
    m_entry->start(text);
    placeEntry();
}

void EditorPanel::closeEntry() {
    m_waiting = false;
    m_entryBelow = -1;
    m_entry->hide();
    annotate();
    m_code->setFocus(Qt::OtherFocusReason);
}

/// Lays the entry under its line: blank notes make the room, so that the text itself never changes.
void EditorPanel::placeEntry() {
    if (!m_entry->isVisible() || m_entryBelow < 0) return;
    const int lineHeight = std::max(1, m_code->lineHeight());
    const int rows = (m_entry->neededHeight() + lineHeight - 1) / lineHeight;
    QsciStyle blank(kValueStyle);
    const QString note = m_code->annotation(m_entryBelow);
    const auto notes = static_cast<int>(note.count(QLatin1Char('\n')));
    const bool edits = !m_edited.isEmpty();
    if (!edits && notes != rows - 1) {
        blank.setPaper(look::color(look::Color::SurfacePanel));
        m_code->annotate(m_entryBelow, QString(rows - 1, QLatin1Char('\n')) + QLatin1Char(' '), blank);
    }
    const int top = m_code->lineTop(m_entryBelow) + (edits ? 0 : lineHeight);
    const int numbers = m_code->marginWidth(0) + m_code->marginWidth(1);
    const int left = numbers + QFontMetrics(look::font(look::TextRole::Code)).horizontalAdvance(m_indent) - 8 -
                     m_code->horizontalScrollBar()->value();
    m_entry->setGeometry(std::max(numbers, left), top, m_code->viewport()->width() - std::max(numbers, left),
                         m_entry->neededHeight());
}

void EditorPanel::accept() {
    const auto typed = m_entry->typed();
    workspace::ProbeDraft draft;
    draft.file = m_file.toStdString();
    draft.line = m_beforeLine;
    draft.name = typed.name.toStdString();
    draft.expression = typed.expression.toStdString();
    draft.statement = typed.statement.toStdString();
    m_waiting = true;
    m_entry->setBusy(true);
    if (m_edited.isEmpty())
        m_project.probes().add(draft);
    else
        m_project.probes().edit(m_edited, draft);
}

void EditorPanel::probeFailed(const base::Error& error) {
    if (!m_waiting) return;
    m_waiting = false;
    m_entry->showProblem(text::errorText(error));
}

}  // namespace hindcast::source
