// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/preview_panel.h"

#include <QAction>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/models/project.h"
#include "widgets/source/code_view.h"
#include "widgets/source/conflict_card.h"
#include "widgets/source/past_text.h"
#include "widgets/text/error_text.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::source {

namespace {
constexpr int kPad = 12;
constexpr int kLinesAbove = 8;
}  // namespace

PreviewPanel::PreviewPanel(models::Project& project, QWidget* parent)
    : PanelFrame(tr("Preview"), parent), m_project(project), m_code(new CodeView), m_card(new ConflictCard) {
    m_code->setObjectName(QStringLiteral("preview"));
    m_code->setAccessibleName(tr("The probe in a past version"));
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
        if (id == m_project.choice().probe()) showPlacement();
    });
    connect(m_card, &ConflictCard::placed, this, &PreviewPanel::place);
    connect(m_card, &ConflictCard::skipped, this, &PreviewPanel::skip);
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
        showPast(plainText(QString::fromStdString(*text)));
    });
}

void PreviewPanel::showPast(const PastText& past) {
    m_code->showText(past.text);
    for (std::size_t i = 0; i < past.lines.size(); ++i) {
        const auto line = static_cast<int>(i);
        const auto& about = past.lines[i];
        m_code->setNumberText(line, about.number);
        if (about.ground == PastText::Ground::Placed) {
            m_code->mark(line, CodeView::Mark::OkGround);
            m_code->mark(line, CodeView::Mark::Placed);
        } else if (about.ground == PastText::Ground::Candidate) {
            m_code->mark(line, CodeView::Mark::WarnGround);
            m_code->mark(line, CodeView::Mark::Conflict);
        }
    }
    m_code->setCursorPosition(past.focus, 0);
    m_code->setFirstVisibleLine(std::max(0, past.focus - kLinesAbove));
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
    if (placement.kind == workspace::PlacementKind::Conflict) {
        const auto others = alikeVersions();
        QStringList names;
        for (const auto& other : others) names.append(text::versionName(m_project.version(other)->number));
        m_card->show(text::versionName(number), placement, names.join(tr(", ", "between versions")));
        clearBanner();
        return;
    }
    m_card->hide();
    if (placement.kind == workspace::PlacementKind::Skipped) {
        showBanner(look::Meaning::Info, tr("Skipped here: %1").arg(text::placementReasonText(placement.reason)));
    } else if (placement.kind == workspace::PlacementKind::AlreadyThere) {
        showBanner(look::Meaning::Info, tr("This version logs it itself"));
    } else {
        clearBanner();
    }
}

/// Other versions that ask the same question.
std::vector<base::Uuid> PreviewPanel::alikeVersions() const {
    std::vector<base::Uuid> alike;
    const auto& choice = m_project.choice();
    for (const auto& [version, placement] : m_project.probes().placements(choice.probe()).byVersion) {
        const bool other = version != choice.previewed() && m_project.version(version);
        if (other && placement.kind == workspace::PlacementKind::Conflict) alike.push_back(version);
    }
    return alike;
}

void PreviewPanel::place(const workspace::CandidateView& candidate) {
    const auto& choice = m_project.choice();
    if (!choice.previewed()) return;
    const auto others = m_card->forOthersToo() ? alikeVersions() : std::vector<base::Uuid>();
    m_project.probes().placeByHand(choice.probe(), *choice.previewed(), candidate, others);
}

void PreviewPanel::skip() {
    const auto& choice = m_project.choice();
    if (!choice.previewed()) return;
    m_project.probes().skip(choice.probe(), *choice.previewed(),
                            m_card->forOthersToo() ? alikeVersions() : std::vector<base::Uuid>());
}

}  // namespace hindcast::source
