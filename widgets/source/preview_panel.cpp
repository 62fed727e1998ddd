// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/preview_panel.h"

#include <QAction>
#include <QResizeEvent>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/models/project.h"
#include "widgets/source/code_view.h"
#include "widgets/source/past_text.h"
#include "widgets/source/placement_card.h"
#include "widgets/text/error_text.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr int kPad = 12;
constexpr int kLinesAbove = 8;
/// The workspace's words for what only it knows; the window's own words for them are in text/words.
constexpr const char* kAddedHere = "added here";
constexpr const char* kSkippedByUser = "skipped by you";
}  // namespace

PreviewPanel::PreviewPanel(models::Project& project, QWidget* parent)
    : PanelFrame(tr("Preview"), parent), m_project(project), m_code(new CodeView), m_card(new PlacementCard) {
    m_code->setObjectName(QStringLiteral("preview"));
    m_code->setAccessibleName(tr("The probe in a past version"));
    m_code->installEventFilter(this);
    connect(m_code->verticalScrollBar(), &QScrollBar::actionTriggered, this, [this] { m_holdsFocus = false; });
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_code, 1);
    auto* below = new QVBoxLayout;
    below->setContentsMargins(kPad, 0, kPad, kPad);
    below->addWidget(m_card);
    layout->addLayout(below);
    setContent(content);
    addTools();
    connectProject();
    showPlacement();
}

void PreviewPanel::addTools() {
    const auto tool = [this](const char* icon, const QString& text, int by) {
        auto* action = new QAction(look::IconSet::instance().icon(QLatin1String(icon)), text, this);
        action->setToolTip(text);
        connect(action, &QAction::triggered, this, [this, by] { stepVersion(by); });
        header()->addTool(action);
    };
    tool("step-back", tr("Older version"), 1);
    tool("step-forward", tr("Newer version"), -1);
}

void PreviewPanel::connectProject() {
    auto& choice = m_project.choice();
    connect(&choice, &models::Choice::previewedChanged, this, &PreviewPanel::showPlacement);
    connect(&choice, &models::Choice::probeChanged, this, &PreviewPanel::showPlacement);
    connect(&choice, &models::Choice::currentChanged, this,
            [this] { m_project.choice().setPreviewed(m_project.choice().current()); });
    connect(&m_project, &models::Project::versionsChanged, this, &PreviewPanel::showPlacement);
    connect(&m_project.probes(), &models::ProbeStore::placementsChanged, this, [this](const QString& id) {
        if (id != m_project.choice().probe()) return;
        m_deciding = false;
        showPlacement();
    });
    connect(&choice, &models::Choice::pastLineChanged, this, &PreviewPanel::showPastLine);
    connect(m_card, &PlacementCard::placed, this, &PreviewPanel::place);
    connect(m_card, &PlacementCard::edited, this, &PreviewPanel::placeEdited);
    connect(m_card, &PlacementCard::skipped, this, &PreviewPanel::skip);
    connect(m_card, &PlacementCard::takenBack, this, [this] {
        const auto& now = m_project.choice();
        if (now.previewed()) m_project.probes().forget(now.probe(), *now.previewed());
    });
    connect(m_code, &CodeView::dropped, this, &PreviewPanel::placeBelow);
    connect(&m_project.probes(), &models::ProbeStore::failed, this, [this](const base::Error& error) {
        if (!std::exchange(m_deciding, false)) return;
        m_card->showProblem(text::errorText(error));
        showBanner(look::Meaning::Error, text::errorText(error));
    });
}

void PreviewPanel::stepVersion(int by) {
    const auto& versions = m_project.versions();
    if (versions.empty()) return;
    const auto previewed = m_project.choice().previewed().value_or(versions.front().uuid);
    const auto at =
        std::find_if(versions.begin(), versions.end(), [&](const auto& view) { return view.uuid == previewed; });
    const auto next =
        std::clamp<std::ptrdiff_t>((at - versions.begin()) + by, 0, static_cast<std::ptrdiff_t>(versions.size()) - 1);
    m_project.choice().setPreviewed(versions[static_cast<std::size_t>(next)].uuid);
}

/// Before anyone chose a version: the one most worth a look, a conflict or the least sure place.
void PreviewPanel::chooseVersion() {
    auto& choice = m_project.choice();
    const auto& placements = m_project.probes().placements(choice.probe());
    if (choice.previewed() || placements.placing) return;
    const workspace::PlacementView* chosen = nullptr;
    for (const auto& [version, placement] : placements.byVersion) {
        const bool asks = placement.kind == workspace::PlacementKind::Conflict;
        const bool placed = placement.kind == workspace::PlacementKind::Placed;
        if ((asks || placed) && (!chosen || placement.confidence < chosen->confidence)) chosen = &placement;
    }
    if (chosen) choice.setPreviewed(chosen->version);
}

void PreviewPanel::showPlacement() {
    if (m_project.choice().pastLine()) return;
    chooseVersion();
    const auto& choice = m_project.choice();
    const auto* version = choice.previewed() ? m_project.version(*choice.previewed()) : nullptr;
    if (!version) {
        m_shownKey.clear();
        setPlaceholder(new controls::EmptyState(
            QStringLiteral("placed"), tr("No past version chosen"),
            tr("Choose a mark in a probe's strip or a row of the plan to see the line there.")));
        header()->setCountText(QString());
        return;
    }
    setPlaceholder(nullptr);
    header()->setCountText(
        tr("in %1 · %2").arg(text::versionName(version->number), text::dayText(version->startedMicros)));
    const auto& placements = m_project.probes().placements(choice.probe()).byVersion;
    const auto found = placements.find(version->uuid);
    if (found == placements.end()) {
        m_card->hide();
        clearBanner();
        setFooter(QString());
        return showPlainFile(version->uuid);
    }
    const auto& placement = found->second;
    const QString key = QStringLiteral("%1 %2 %3 %4")
                            .arg(text::fromUtf8(version->uuid.text()), choice.probe())
                            .arg(static_cast<int>(placement.kind))
                            .arg(qHash(text::fromUtf8(placement.splicedText)));
    showCard(placement, version->number);
    showFooter(placement);
    if (key == m_shownKey) return;
    m_shownKey = key;
    showPast(pastText(placement));
}

void PreviewPanel::showPlainFile(const base::Uuid& version) {
    const auto files = m_project.sources().files();
    if (files.isEmpty()) return;
    const auto* probe = m_project.probes().find(m_project.choice().probe());
    const QString file = probe ? QString::fromStdString(probe->file) : files.front();
    m_project.sources().readPast(version, file, this, [this](base::Result<std::string> text) {
        if (!text) return showBanner(look::Meaning::Info, text::errorText(text.error()));
        m_shownKey.clear();
        m_canMove = false;
        showPast(plainText(QString::fromStdString(*text)));
    });
}

void PreviewPanel::showPast(const PastText& past) {
    m_past = past;
    m_code->showText(past.text);
    int first = 0;
    int last = -1;
    for (std::size_t i = 0; i < past.lines.size(); ++i) {
        const auto line = static_cast<int>(i);
        const auto& about = past.lines[i];
        m_code->setNumberText(line, about.number);
        const bool placed = about.ground == PastText::Ground::Placed;
        if (placed || about.ground == PastText::Ground::Candidate) {
            m_code->mark(line, placed ? CodeView::Mark::OkGround : CodeView::Mark::WarnGround);
            m_code->mark(line, placed ? CodeView::Mark::Placed : CodeView::Mark::Conflict);
            if (last < first) first = line;
            last = line;
        }
    }
    if (m_canMove) m_code->setMovable(first, last);
    m_code->setCursorPosition(past.focus, 0);
    m_holdsFocus = true;
    bringFocusIntoView();
}

bool PreviewPanel::isFocusVisible(int height) const {
    const int top = m_code->firstVisibleLine();
    return m_past.focus >= top && m_past.focus < top + height / std::max(1, m_code->lineHeight());
}

void PreviewPanel::bringFocusIntoView() {
    const int rows = m_code->viewport()->height() / std::max(1, m_code->lineHeight());
    m_code->setFirstVisibleLine(std::max(0, m_past.focus - std::min(kLinesAbove, rows / 2)));
}

/// The line that the panel is about stays in sight when the code gets less room, unless it was scrolled away.
bool PreviewPanel::eventFilter(QObject* watched, QEvent* event) {
    const bool handled = PanelFrame::eventFilter(watched, event);
    if (watched != m_code || event->type() != QEvent::Resize) return handled;
    if (m_holdsFocus && !isFocusVisible(static_cast<QResizeEvent*>(event)->size().height()))
        QMetaObject::invokeMethod(this, &PreviewPanel::bringFocusIntoView, Qt::QueuedConnection);
    return handled;
}

/// A line that its history was asked for, as a past version has it.
void PreviewPanel::showPastLine() {
    const auto& line = m_project.choice().pastLine();
    const auto* version = line ? m_project.version(line->version) : nullptr;
    if (!version) return;
    setPlaceholder(nullptr);
    m_card->hide();
    clearBanner();
    setFooter(QStringLiteral("%1:%2").arg(line->file).arg(line->line));
    header()->setCountText(
        tr("in %1 · %2").arg(text::versionName(version->number), text::dayText(version->startedMicros)));
    m_shownKey.clear();
    m_project.sources().readPast(line->version, line->file, this,
                                 [this, at = line->line](base::Result<std::string> text) {
                                     if (!text) return showBanner(look::Meaning::Info, text::errorText(text.error()));
                                     m_canMove = false;
                                     PastText past = plainText(QString::fromStdString(*text));
                                     past.focus = at - 1;
                                     showPast(past);
                                     m_code->mark(at - 1, CodeView::Mark::ProbeGround);
                                 });
}

/// How sure the place is and why; a conflict has its card for that.
void PreviewPanel::showFooter(const workspace::PlacementView& placement) {
    const bool placed =
        placement.kind == workspace::PlacementKind::Placed || placement.kind == workspace::PlacementKind::ByHand;
    if (!placed) return setFooter(QString());
    const QString sure = tr("confidence %1").arg(placement.confidence, 0, 'f', 2);
    setFooter(QStringList{text::fromUtf8(placement.file), text::placementText(placement.kind), sure,
                          text::placementReasonText(placement.reason)}
                  .join(QStringLiteral(" · ")));
}

void PreviewPanel::showCard(const workspace::PlacementView& placement, int number) {
    using Kind = workspace::PlacementKind;
    const bool isHome = placement.kind == Kind::Placed && placement.reason == kAddedHere;
    const bool skippedByUser = placement.kind == Kind::Skipped && placement.reason == kSkippedByUser;
    const bool decides = (placement.kind != Kind::Skipped || skippedByUser) && placement.kind != Kind::AlreadyThere;
    m_canMove = decides && !isHome && placement.kind != Kind::Skipped;
    if (placement.kind == Kind::AlreadyThere) {
        showBanner(look::Meaning::Info, tr("This version logs it itself"));
    } else if (placement.kind == Kind::Skipped) {
        showBanner(look::Meaning::Info, tr("Skipped here: %1").arg(text::placementReasonText(placement.reason)));
    } else {
        clearBanner();
    }
    if (!decides || isHome) return m_card->hide();
    QStringList names;
    for (const auto& other : alikeVersions()) names.append(text::versionName(m_project.version(other)->number));
    // Placements of other versions that arrive must not take away what is being typed.
    const QString key = QStringLiteral("%1 %2 %3 %4 ")
                            .arg(m_project.choice().probe())
                            .arg(number)
                            .arg(static_cast<int>(placement.kind))
                            .arg(placement.confidence) +
                        names.join(QLatin1Char(' '));
    if (std::exchange(m_cardKey, key) == key && m_card->isVisible()) return;
    m_card->show(text::versionName(number), placement, m_canMove ? placedStatement(placement) : QString(),
                 placement.kind == Kind::ByHand || skippedByUser,
                 placement.kind == Kind::Skipped ? QStringList() : names);
}

/// Versions that the same can be decided for, the next older one first, then the newer ones: for a conflict those that
/// ask the same question, else the older ones where propagation decided.
std::vector<base::Uuid> PreviewPanel::alikeVersions() const {
    using Kind = workspace::PlacementKind;
    const auto& choice = m_project.choice();
    const auto& placements = m_project.probes().placements(choice.probe()).byVersion;
    const auto here = choice.previewed() ? placements.find(*choice.previewed()) : placements.end();
    if (here == placements.end()) return {};
    const bool conflict = here->second.kind == Kind::Conflict;
    std::vector<base::Uuid> older;
    std::vector<base::Uuid> newer;
    bool passed = false;
    for (const auto& version : m_project.versions()) {
        const auto found = placements.find(version.uuid);
        passed = passed || version.uuid == here->first;
        if (found == placements.end() || version.uuid == here->first) continue;
        const bool alike = conflict
                               ? found->second.kind == Kind::Conflict
                               : passed && (found->second.kind == Kind::Placed || found->second.kind == Kind::Conflict);
        if (alike && found->second.reason != kAddedHere) (passed ? older : newer).push_back(version.uuid);
    }
    older.insert(older.end(), newer.rbegin(), newer.rend());
    return older;
}

std::vector<base::Uuid> PreviewPanel::alsoFor() const {
    auto versions = alikeVersions();
    versions.resize(std::min(versions.size(), static_cast<std::size_t>(m_card->alsoForNext())));
    return versions;
}

const workspace::PlacementView* PreviewPanel::placementHere() const {
    const auto& choice = m_project.choice();
    if (!choice.previewed()) return nullptr;
    const auto& placements = m_project.probes().placements(choice.probe()).byVersion;
    const auto found = placements.find(*choice.previewed());
    return found == placements.end() ? nullptr : &found->second;
}

void PreviewPanel::place(const workspace::CandidateView& candidate) {
    const auto& choice = m_project.choice();
    if (!choice.previewed()) return;
    m_deciding = true;
    m_project.probes().placeByHand(choice.probe(), *choice.previewed(), candidate, alsoFor());
}

void PreviewPanel::placeEdited(const QString& statement) {
    const auto* placement = placementHere();
    if (!placement) return;
    const PastPlace at = placeOf(*placement);
    workspace::CandidateView candidate;
    candidate.file = placement->file;
    candidate.line = at.beforeLine;
    candidate.statement = (indented(statement, at.indent) + QLatin1Char('\n')).toStdString();
    place(candidate);
}

void PreviewPanel::placeBelow(int line) {
    const auto* placement = placementHere();
    if (!placement) return;
    const PastPlace at = source::placeBelow(m_past, line);
    workspace::CandidateView candidate;
    candidate.file = placement->file;
    candidate.line = at.beforeLine;
    candidate.statement = (indented(placedStatement(*placement), at.indent) + QLatin1Char('\n')).toStdString();
    place(candidate);
}

void PreviewPanel::skip() {
    const auto& choice = m_project.choice();
    if (!choice.previewed()) return;
    m_deciding = true;
    m_project.probes().skip(choice.probe(), *choice.previewed(), alsoFor());
}

}  // namespace hindcast::source
