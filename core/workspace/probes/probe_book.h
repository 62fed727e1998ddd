// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/propagate/propagate.h"
#include "core/workspace/source_projects.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// A probe with the source it stands in: what is carried into other versions.
struct ProbeSource {
    ProbeView view;                       ///< line is in `project`
    ProjectPtr project;                   ///< with the statement in it
    std::vector<propagate::Probe> group;  ///< the statement last, what it depends on before it
    std::optional<base::Uuid> version;    ///< that `project` belongs to; absent: the work tree
    std::string identity;                 ///< equal identities are carried to equal places; 32 hexadecimal digits
};

/// The probes of a store and the ways they come into it: kept as annotations, typed into the work tree, or standing in
/// the newest version and missing in older ones. A kept probe stands in one version (its origin, the newest when it was
/// added): a placement decision "placed" of that version says where. One thread.
class ProbeBook {
public:
    ProbeBook(StoreHandles& store, SourceProjects& projects) : m_store(store), m_projects(projects) {}

    /// Kept probes that are not removed, oldest first. One that cannot be read any more (its origin is gone) is left
    /// out.
    base::Result<std::vector<ProbeSource>> kept();
    /// Log statements of the work tree that the newest version does not have.
    base::Result<std::vector<ProbeSource>> typed();
    base::Result<ProbeSource> byId(const std::string& id);
    /// A kept probe, one typed in the work tree, or a log statement of the newest version. NotFound names close ones.
    base::Result<ProbeSource> byName(const std::string& name);

    /// What is to be added before `line` of `file` of the current source (without probes): a statement, or an
    /// expression with a name.
    struct NewProbe {
        std::string file;
        int line = 0;
        std::string statement;
        std::string expression;
        std::string name;
    };
    /// Adds a probe ("" as id) or gives one a new revision; returns its id. Conflict when the place does not exist in
    /// the newest version.
    base::Result<std::string> put(const std::string& id, const NewProbe& probe);
    /// Keeps a probe that was found in the work tree or in the newest version, before its values come in: they are
    /// superseded when it changes. `origin` is its place in the newest version, when it has one.
    base::Result<void> keep(const ProbeSource& source, const std::optional<store::PlacementDecision>& origin);
    base::Result<void> setRemoved(const std::string& id, bool removed);

    /// Whether the probe's logged names cover `name` (patterns with `*`).
    static bool logs(const ProbeView& probe, const std::string& name);

private:
    base::Result<ProbeSource> resolve(const store::Probe& probe);
    base::Result<std::optional<ProbeSource>> inNewest(const std::string& name);
    base::Result<propagate::SplicedFile> write(const propagate::Project& current, const NewProbe& probe) const;
    base::Result<store::PlacementDecision> originFor(const propagate::Project& current,
                                                     const propagate::SplicedFile& spliced, const base::Uuid& newest);
    base::Result<bool> settleByLines(ProbeSource& source, const std::vector<propagate::AddedStatement>& added,
                                     const base::Uuid& newest, const propagate::Project& old) const;
    base::Result<void> settleInNewest(ProbeSource& source, const base::Uuid& newest,
                                      const propagate::Project& old) const;
    void finishFound(ProbeSource& source) const;
    const store::PlacementDecision* originOf(const std::string& id) const;

    StoreHandles& m_store;
    SourceProjects& m_projects;
    std::map<std::pair<std::string, int>, ProbeSource> m_resolved;
};

}  // namespace hindcast::workspace
