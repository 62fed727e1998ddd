// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/probes/probe_row.h"

#include <QCheckBox>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/controls/badge.h"
#include "widgets/controls/elided_label.h"
#include "widgets/controls/placement_strip.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/models/view_values.h"
#include "widgets/source/value_line.h"
#include "widgets/text/words.h"

namespace hindcast::probes {

namespace {
constexpr int kPad = 12;
constexpr int kIndent = 24;
}  // namespace

ProbeRow::ProbeRow(models::Project& project, const QString& id, QWidget* parent)
    : QFrame(parent),
      m_project(project),
      m_id(id),
      m_planned(new QCheckBox),
      m_name(new QLabel),
      m_place(new controls::ElidedLabel),
      m_badge(new controls::Badge),
      m_strip(new controls::PlacementStrip),
      m_note(new QLabel) {
    build();
    connect(m_planned, &QCheckBox::toggled, this, &ProbeRow::plannedChanged);
    connect(m_strip, &controls::PlacementStrip::versionChosen, this, [this](int index) {
        const auto& versions = m_project.versions();
        const auto row = static_cast<std::ptrdiff_t>(versions.size()) - 1 - index;
        if (row < 0 || row >= static_cast<std::ptrdiff_t>(versions.size())) return;
        m_project.choice().setProbe(m_id);
        m_project.choice().setPreviewed(versions[static_cast<std::size_t>(row)].uuid);
    });
    const auto repaint = [this] { update(); };
    connect(&project.choice(), &models::Choice::probeChanged, this, repaint);
    refresh();
}

void ProbeRow::build() {
    setFocusPolicy(Qt::TabFocus);
    m_planned->setChecked(true);
    m_planned->setToolTip(tr("Part of the plan"));
    m_name->setFont(look::monoFont(look::TextRole::Label));
    m_place->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(m_place, "role", QStringLiteral("tertiary"));
    m_note->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(m_note, "role", QStringLiteral("tertiary"));
    m_note->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_planned);
    head->addWidget(m_name);
    head->addWidget(m_place, 1);
    head->addWidget(m_badge);
    auto* below = new QVBoxLayout;
    below->setContentsMargins(kIndent, 0, 0, 0);
    below->setSpacing(4);
    below->addWidget(m_strip);
    below->addWidget(m_note);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad, 8, kPad, 8);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addLayout(below);
}

bool ProbeRow::isPlanned() const {
    return m_planned->isChecked();
}

void ProbeRow::setPlanned(bool planned) {
    m_planned->setChecked(planned);
}

void ProbeRow::refresh() {
    const auto* probe = m_project.probes().find(m_id);
    if (!probe) return;
    m_name->setText(text::fromUtf8(probe->name));
    m_name->setToolTip(text::fromUtf8(probe->text));
    m_place->setWhole(QStringLiteral("%1:%2").arg(text::fromUtf8(probe->file)).arg(probe->line));
    m_planned->setAccessibleName(tr("Plan a replay of %1").arg(m_name->text()));
    setAccessibleName(tr("Probe %1").arg(m_name->text()));
    setAccessibleDescription(source::placementsText(m_project, m_id));
    showStrip();
    showBadge();
    const QString places = source::placementsText(m_project, m_id);
    m_note->setText(m_project.probes().isOffered(m_id) ? tr("typed in your file") + QStringLiteral(" · ") + places
                                                       : places);
}

void ProbeRow::showStrip() {
    std::vector<controls::StripMark> marks;
    const auto& placements = m_project.probes().placements(m_id);
    const auto& versions = m_project.versions();
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        controls::StripMark mark;
        mark.version = text::versionName(version->number);
        const auto found = placements.byVersion.find(version->uuid);
        mark.pending = found == placements.byVersion.end();
        if (!mark.pending) {
            mark.placement = models::lookPlacement(found->second.kind);
            mark.tooltip = text::placementReasonText(found->second.reason);
            mark.certainty = found->second.confidence;
        }
        marks.push_back(std::move(mark));
    }
    m_strip->setMarks(std::move(marks));
}

void ProbeRow::showBadge() {
    const auto counts = m_project.probes().counts(m_id);
    const auto& placements = m_project.probes().placements(m_id);
    controls::BadgeText badge;
    if (placements.error) {
        badge = {look::Meaning::Error, QStringLiteral("error"), tr("no place"), false};
    } else if (counts.conflicts > 0) {
        badge = {look::Meaning::Warn, QStringLiteral("conflict"), tr("%n conflict(s)", nullptr, counts.conflicts),
                 false};
    } else if (placements.placing) {
        badge = {look::Meaning::Neutral, QStringLiteral("clock"), tr("placing"), false};
    } else {
        badge = {look::Meaning::Ok, QStringLiteral("ok"), tr("ready"), false};
    }
    m_badge->setBadge(badge);
}

void ProbeRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_project.choice().probe() == m_id) painter.fillRect(rect(), look::color(look::Color::SurfaceSelected));
    painter.fillRect(QRect(0, height() - 1, width(), 1), look::color(look::Color::LineHair));
}

void ProbeRow::mousePressEvent(QMouseEvent* event) {
    m_project.choice().setProbe(m_id);
    QFrame::mousePressEvent(event);
}

void ProbeRow::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) return m_project.choice().setProbe(m_id);
    const bool removable = !m_project.probes().isOffered(m_id);
    if (event->key() == Qt::Key_Delete && removable) return m_project.probes().remove(m_id);
    QFrame::keyPressEvent(event);
}

void ProbeRow::contextMenuEvent(QContextMenuEvent* event) {
    if (m_project.probes().isOffered(m_id)) return;  // it goes when it is deleted from the file
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto icon = [](const char* name) { return look::IconSet::instance().icon(QLatin1String(name)); };
    menu->addAction(icon("minus"), tr("Remove"), this, [this] { m_project.probes().remove(m_id); });
    menu->popup(event->globalPos());
}

}  // namespace hindcast::probes
