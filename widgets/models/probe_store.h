// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

class QUndoStack;

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

/// Where a probe lands, as far as known.
struct Placements {
    std::map<base::Uuid, workspace::PlacementView> byVersion;
    bool placing = false;              ///< more are to come
    std::optional<base::Error> error;  ///< why nothing could be placed
};

/// How many versions a probe is placed in, needs a decision for, or leaves out.
struct PlacementCounts {
    int placed = 0;  ///< by hand included
    int byHand = 0;
    int already = 0;
    int conflicts = 0;
    int skipped = 0;
};

/// The project's probes and the log statements that the user typed into the work tree, their placements in every
/// version, and the acts on them. Acts run in the background and can be undone once they are done; a failed act changes
/// nothing and is told by `failed`. GUI thread only.
class ProbeStore : public QObject {
    Q_OBJECT
public:
    ProbeStore(tasks::WorkspaceThread& thread, QObject* parent);
    ~ProbeStore() override;

    const std::vector<workspace::ProbeView>& probes() const { return m_probes; }
    const workspace::ProbeView* find(const QString& id) const;
    /// A log statement of the user's file that is no probe before it is replayed or placed by hand.
    bool isOffered(const QString& id) const { return m_offered.contains(id); }
    const Placements& placements(const QString& id) const;
    PlacementCounts counts(const QString& id) const;
    QUndoStack* undoStack() const { return m_undo; }

    /// Reads the list again and places what was not placed yet.
    void read();
    /// Places every probe again: new versions came.
    void placeAll();

    void add(const workspace::ProbeDraft& draft);
    void edit(const QString& id, const workspace::ProbeDraft& draft);
    void remove(const QString& id);
    void placeByHand(const QString& id, const base::Uuid& version, const workspace::CandidateView& place,
                     const std::vector<base::Uuid>& alsoFor);
    void skip(const QString& id, const base::Uuid& version, const std::vector<base::Uuid>& alsoFor);
    /// Lets propagation decide again.
    void forget(const QString& id, const base::Uuid& version);

Q_SIGNALS:
    void changed();
    void placementsChanged(const QString& id);
    void added(const QString& id);
    void failed(const hindcast::base::Error& error);

private:
    friend class ProbeCommand;
    using Act = std::function<base::Result<void>(workspace::Workspace&)>;
    /// Runs `act`, reads everything again, then `done`.
    void perform(const Act& act, const std::function<void()>& done);
    void decide(const QString& id, std::vector<base::Uuid> versions, const QString& text, const Act& forth);
    void place(const QString& id);
    struct Found {
        std::vector<workspace::ProbeView> probes;
        std::set<QString> offered;  ///< those of them that stand in the user's file only
    };
    static base::Result<Found> readAll(workspace::Workspace& workspace);
    void takeList(Found found);
    void takeBatch(const QString& id, const std::vector<workspace::PlacementView>& batch, bool first);

    tasks::WorkspaceThread& m_thread;
    QUndoStack* m_undo;
    std::vector<workspace::ProbeView> m_probes;
    std::set<QString> m_offered;
    std::map<QString, Placements> m_placements;
};

}  // namespace hindcast::models
