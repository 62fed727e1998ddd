// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// A probe revision: what the user adds in hindsight. A statement stands before `line` of `file`.
struct Probe {
    std::string id;  ///< UUID text, the same through all revisions
    int revision = 1;
    std::string name;                ///< logged name; a pattern when the statement computes names
    std::string kind = "statement";  ///< "statement" or "state"
    std::string file;                ///< relative to the project
    int line = 0;                    ///< 1-based, in the newest source
    std::string text;                ///< statement as typed
    std::string expression;          ///< when only an expression was given
    bool removed = false;

    /// Values of a revision stay valid while the newest revision asks for the same thing.
    bool asksTheSame(const Probe& other) const {
        return name == other.name && kind == other.kind && text == other.text && expression == other.expression;
    }
};

/// The user's decision where a probe stands in one version.
struct PlacementDecision {
    enum class Kind { Placed, Skip, Edit, Forget };
    std::string probe;
    int revision = 1;
    base::Uuid version;
    Kind kind = Kind::Placed;
    std::string file;
    int line = 0;      ///< 1-based, before that line of the version's own source
    std::string text;  ///< the statement in the version's names (Edit, Placed)
    std::vector<base::Uuid> sameFor;
    /// Of the block it stands in: several may end on the line before.
    std::optional<std::string> indent = std::nullopt;
};

/// An incident marked by the user: passes first..last of a loop of one version.
struct Incident {
    base::Uuid version;
    std::string loop;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::string text;
};

/// What a command changed for good in what was stored: the line that stays when the data is gone.
struct StoreChange {
    std::string verb;  ///< "rm", "redact", "retain", "import"
    std::vector<base::Uuid> versions;
    std::string text;     ///< one sentence
    std::int64_t at = 0;  ///< micros since 1970; set when it is read
    std::string who;      ///< user@host; set when it is read
};

struct VersionMarks {
    std::optional<int> number;  ///< v1, v2 …; never changes and is never used again
    std::set<std::string> tags;
    std::string note;
    bool pinned = false;
    bool baseline = false;
};

/// All annotation files merged: the newest `at` wins, ties by writer. A value; read in any thread.
struct AnnotationView {
    std::map<base::Uuid, VersionMarks> versions;
    std::map<std::string, base::Uuid> aliases;
    std::map<std::string, std::vector<Probe>> probes;  ///< by id; revisions ascending
    std::map<std::pair<std::string, base::Uuid>, PlacementDecision>
        placements;                            ///< newest decision by (probe, version)
    std::map<std::string, std::string> rules;  ///< id → JSON body of the newest revision
    std::vector<Incident> incidents;
    std::set<base::Uuid> superseded;   ///< replays whose values are hidden
    std::set<std::string> allowed;     ///< permissions given for this project
    std::vector<StoreChange> changes;  ///< oldest first
    int highestNumber = 0;             ///< ever claimed, deleted versions included

    const VersionMarks* marks(const base::Uuid& version) const;
    /// The newest revision, absent when there is none; removed probes are returned too.
    const Probe* newestProbe(const std::string& id) const;
};

/// Append-only notes of the user and of ingest: one framed file per writer, so that writers on several hosts never
/// share one. One object per thread. Every write is synced before it returns; a torn tail of a killed writer costs only
/// that record.
class Annotations {
public:
    static base::Result<Annotations> open(const Project& project);
    Annotations(Annotations&&) noexcept;
    Annotations& operator=(Annotations&&) noexcept;
    ~Annotations();

    /// Reads what any writer appended since the last call; true when there was something. Cheap when nothing was.
    base::Result<bool> refresh();
    const AnnotationView& view() const;

    /// Gives the next free numbers, in the order given, to versions that have none; several processes may do it at
    /// once.
    base::Result<void> claimNumbers(const std::vector<base::Uuid>& versions);

    base::Result<void> setTag(const base::Uuid& version, const std::string& tag, bool on);
    base::Result<void> setNote(const base::Uuid& version, const std::string& text);
    base::Result<void> setPinned(const base::Uuid& version, bool on);
    base::Result<void> setBaseline(const base::Uuid& version, bool on);
    /// An absent version removes the alias. Names that read as a version (`v7`, a UUID prefix) are InvalidArgument; so
    /// for tags.
    base::Result<void> setAlias(const std::string& name, const std::optional<base::Uuid>& version);
    base::Result<void> addIncident(const Incident& incident);
    /// An absent body removes the rule.
    base::Result<void> setRule(const std::string& id, const std::optional<std::string>& json);
    /// Writes the revision as given (the caller counts revisions up from newestProbe).
    base::Result<void> putProbe(const Probe& probe);
    base::Result<void> putPlacement(const PlacementDecision& decision);
    base::Result<void> supersede(const std::vector<base::Uuid>& replays);
    base::Result<void> allow(const std::string& permission, bool on = true);
    base::Result<void> noteChange(const StoreChange& change);

    /// What was written about these versions and replays and about the probes that they or `probes` name, as JSON
    /// records, oldest first: for taking them elsewhere.
    std::vector<std::string> recordsAbout(const std::set<base::Uuid>& versions, const std::set<base::Uuid>& replays,
                                          const std::set<std::string>& probes) const;
    /// Writes records from elsewhere with their time and writer; those that are here already are left out.
    base::Result<void> adopt(const std::vector<std::string>& recordsAsJson);

private:
    struct Impl;
    explicit Annotations(std::unique_ptr<Impl> impl);
    base::Result<void> write(const std::vector<std::string>& recordsAsJson);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::store
