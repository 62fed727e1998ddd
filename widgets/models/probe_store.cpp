// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/probe_store.h"

#include <QElapsedTimer>
#include <QUndoStack>
#include <algorithm>

#include "widgets/models/probe_command.h"
#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

namespace {
/// Placements are handed over this often, so that the strip fills without a repaint per version.
constexpr qint64 kBatchMs = 60;

std::vector<base::Uuid> with(const base::Uuid& version, std::vector<base::Uuid> others) {
    others.push_back(version);
    return others;
}

QString placementKey(const QString& id) {
    return QStringLiteral("placements ") + id;
}
}  // namespace

ProbeStore::ProbeStore(tasks::WorkspaceThread& thread, QObject* parent)
    : QObject(parent), m_thread(thread), m_undo(new QUndoStack(this)) {}

ProbeStore::~ProbeStore() = default;

const workspace::ProbeView* ProbeStore::find(const QString& id) const {
    const auto found = std::find_if(m_probes.begin(), m_probes.end(),
                                    [wanted = id.toStdString()](const auto& probe) { return probe.id == wanted; });
    return found == m_probes.end() ? nullptr : &*found;
}

const Placements& ProbeStore::placements(const QString& id) const {
    static const Placements kNone;
    const auto found = m_placements.find(id);
    return found == m_placements.end() ? kNone : found->second;
}

PlacementCounts ProbeStore::counts(const QString& id) const {
    PlacementCounts counts;
    for (const auto& [version, placement] : placements(id).byVersion) {
        switch (placement.kind) {
            case workspace::PlacementKind::Placed:
                ++counts.placed;
                break;
            case workspace::PlacementKind::ByHand:
                ++counts.placed;
                ++counts.byHand;
                break;
            case workspace::PlacementKind::AlreadyThere:
                ++counts.already;
                break;
            case workspace::PlacementKind::Conflict:
                ++counts.conflicts;
                break;
            case workspace::PlacementKind::Skipped:
                ++counts.skipped;
                break;
        }
    }
    return counts;
}

void ProbeStore::read() {
    m_thread.run<Found>(
        QStringLiteral("probes"), tasks::Urgency::Now,
        [](workspace::Workspace& workspace, const tasks::JobControl&) { return readAll(workspace); },
        [this](base::Result<Found> found) {
            if (!found) return Q_EMIT failed(found.error());
            takeList(*std::move(found));
        });
}

base::Result<ProbeStore::Found> ProbeStore::readAll(workspace::Workspace& workspace) {
    Found found;
    HINDCAST_ASSIGN(found.probes, workspace.probes());
    const auto typed = workspace.scanWorkTree();
    if (!typed) return found;  // a file that is half typed does not parse
    for (const auto& statement : *typed) {
        const bool kept = std::any_of(found.probes.begin(), found.probes.end(),
                                      [&](const auto& probe) { return probe.id == statement.id; });
        if (kept) continue;
        found.offered.insert(QString::fromStdString(statement.id));
        found.probes.push_back(statement);
    }
    return found;
}

void ProbeStore::takeList(Found found) {
    auto& probes = found.probes;
    m_offered = std::move(found.offered);
    std::map<QString, Placements> kept;
    std::vector<QString> unplaced;
    for (const auto& probe : probes) {
        const QString id = QString::fromStdString(probe.id);
        const auto* before = find(id);
        const bool same =
            before && before->revision == probe.revision && before->text == probe.text && before->line == probe.line;
        if (same && m_placements.contains(id)) {
            kept[id] = m_placements[id];
        } else {
            unplaced.push_back(id);
        }
    }
    for (const auto& probe : m_probes) {
        const QString id = QString::fromStdString(probe.id);
        if (!kept.contains(id)) m_thread.cancel(placementKey(id));
    }
    m_probes = std::move(probes);
    m_placements = std::move(kept);
    Q_EMIT changed();
    for (const QString& id : unplaced) place(id);
}

void ProbeStore::placeAll() {
    for (const auto& probe : m_probes) place(QString::fromStdString(probe.id));
}

void ProbeStore::place(const QString& id) {
    m_placements[id].placing = true;
    m_placements[id].error.reset();
    Q_EMIT placementsChanged(id);
    using All = std::vector<workspace::PlacementView>;
    m_thread.run<All>(
        placementKey(id), tasks::Urgency::Soon,
        [this, id](workspace::Workspace& workspace, const tasks::JobControl& control) {
            All batch;
            bool first = true;
            QElapsedTimer sinceReport;
            sinceReport.start();
            return workspace.placements(
                id.toStdString(),
                [&](const workspace::PlacementView& placement) {
                    batch.push_back(placement);
                    if (sinceReport.elapsed() >= kBatchMs) {
                        control.report([this, id, batch, first] { takeBatch(id, batch, first); });
                        first = false;
                        batch.clear();
                        sinceReport.restart();
                    }
                    return !control.cancelled();
                },
                control.stop());
        },
        [this, id](base::Result<All> all) {
            auto& placements = m_placements[id];
            placements.placing = false;
            if (all) {
                placements.byVersion.clear();
                for (auto& placement : *all) placements.byVersion[placement.version] = std::move(placement);
            } else {
                placements.error = all.error();
            }
            Q_EMIT placementsChanged(id);
        });
}

void ProbeStore::takeBatch(const QString& id, const std::vector<workspace::PlacementView>& batch, bool first) {
    auto& placements = m_placements[id];
    if (first) placements.byVersion.clear();
    for (const auto& placement : batch) placements.byVersion[placement.version] = placement;
    Q_EMIT placementsChanged(id);
}

void ProbeStore::perform(const Act& act, const std::function<void()>& done) {
    m_thread.run<bool>(
        QString(), tasks::Urgency::Now,
        [act](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<bool> {
            HINDCAST_TRY(act(workspace));
            return true;
        },
        [this, done](base::Result<bool> result) {
            if (!result) return Q_EMIT failed(result.error());
            read();
            if (done) done();
        });
}

void ProbeStore::add(const workspace::ProbeDraft& draft) {
    m_thread.run<workspace::ProbeView>(
        QString(), tasks::Urgency::Now,
        [draft](workspace::Workspace& workspace, const tasks::JobControl&) { return workspace.addProbe(draft); },
        [this](base::Result<workspace::ProbeView> probe) {
            if (!probe) return Q_EMIT failed(probe.error());
            const std::string id = probe->id;
            m_undo->push(new ProbeCommand(
                *this, tr("Add probe %1").arg(QString::fromStdString(probe->name)),
                [id](workspace::Workspace& workspace) { return workspace.restoreProbe(id); },
                [id](workspace::Workspace& workspace) { return workspace.removeProbe(id); }));
            read();
            Q_EMIT added(QString::fromStdString(id));
        });
}

void ProbeStore::edit(const QString& id, const workspace::ProbeDraft& draft) {
    const auto* before = find(id);
    if (!before) return;
    workspace::ProbeDraft old;
    old.file = before->file;
    old.line = before->line;
    old.statement = before->text;
    const auto act = [id = before->id](const workspace::ProbeDraft& text) {
        return [id, text](workspace::Workspace& workspace) -> base::Result<void> {
            auto edited = workspace.editProbe(id, text);
            return edited ? base::Result<void>() : base::Result<void>(edited.error());
        };
    };
    const QString name = QString::fromStdString(before->name);
    perform(act(draft), [this, name, forth = act(draft), back = act(old)] {
        m_undo->push(new ProbeCommand(*this, tr("Edit probe %1").arg(name), forth, back));
    });
}

void ProbeStore::remove(const QString& id) {
    const auto* probe = find(id);
    if (!probe) return;
    const Act forth = [id = probe->id](workspace::Workspace& workspace) { return workspace.removeProbe(id); };
    const Act back = [id = probe->id](workspace::Workspace& workspace) { return workspace.restoreProbe(id); };
    perform(forth, [this, forth, back, name = QString::fromStdString(probe->name)] {
        m_undo->push(new ProbeCommand(*this, tr("Remove probe %1").arg(name), forth, back));
    });
}

void ProbeStore::placeByHand(const QString& id, const base::Uuid& version, const workspace::CandidateView& place,
                             const std::vector<base::Uuid>& alsoFor) {
    const Act forth = [id = id.toStdString(), version, place, alsoFor](workspace::Workspace& workspace) {
        return workspace.placeByHand(id, version, place.file, place.line, place.statement, alsoFor);
    };
    decide(id, with(version, alsoFor), tr("Place by hand"), forth);
}

void ProbeStore::skip(const QString& id, const base::Uuid& version, const std::vector<base::Uuid>& alsoFor) {
    const Act forth = [id = id.toStdString(), version, alsoFor](workspace::Workspace& workspace) {
        return workspace.skipVersion(id, version, alsoFor);
    };
    decide(id, with(version, alsoFor), tr("Skip version"), forth);
}

void ProbeStore::forget(const QString& id, const base::Uuid& version) {
    decide(id, {version}, tr("Take back the decision"),
           [id = id.toStdString(), version](workspace::Workspace& workspace) {
               return workspace.forgetDecision(id, version);
           });
}

/// A decision changes where the probe lands, not the probe: its placements are read again. Undo puts back what had been
/// decided for these versions before.
void ProbeStore::decide(const QString& id, std::vector<base::Uuid> versions, const QString& text, const Act& forth) {
    using Before = std::vector<workspace::DecisionView>;
    m_thread.run<Before>(
        QString(), tasks::Urgency::Now,
        [id = id.toStdString(), versions = std::move(versions), forth](
            workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<Before> {
            HINDCAST_ASSIGN(const Before all, workspace.decisions(id));
            Before before;
            for (const auto& version : versions) {
                const auto found = std::find_if(all.begin(), all.end(),
                                                [&](const auto& decision) { return decision.version == version; });
                workspace::DecisionView none;
                none.version = version;
                before.push_back(found == all.end() ? none : *found);
            }
            HINDCAST_TRY(forth(workspace));
            return before;
        },
        [this, id, text, forth](base::Result<Before> before) {
            if (!before) return Q_EMIT failed(before.error());
            m_undo->push(new ProbeCommand(*this, text, forth,
                                          [id = id.toStdString(), before = *before](workspace::Workspace& workspace) {
                                              return workspace.restoreDecisions(id, before);
                                          }));
            place(id);
        });
}

}  // namespace hindcast::models
