// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/splice.h"
#include "core/workspace/probes/placements.h"
#include "core/workspace/probes/probe_book.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// The newest source as the editor shows it: the user's file (else the newest snapshot's) with the kept probes spliced
/// in. One thread. Costs a propagation for each probe when the user's files changed, nothing otherwise.
class EditorText {
public:
    EditorText(StoreHandles& store, SourceProjects& projects, ProbeBook& book, Placements& placements)
        : m_store(store), m_projects(projects), m_book(book), m_placements(placements) {}

    base::Result<Workspace::SourceText> newest(const std::string& file);
    /// The line of the file without probes that a line of the shown text stands for.
    base::Result<int> lineWithoutProbes(const std::string& file, int shownLine);
    /// All probes, kept and typed, with file and line as in the shown text.
    base::Result<std::vector<ProbeView>> probes();

    /// What applying a probe would make of a file of the user's.
    struct Applied {
        std::string file;
        std::string before;
        std::string after;
    };
    base::Result<std::vector<Applied>> apply(const std::string& probe);

private:
    struct InCurrent {
        bool alreadyThere = false;
        propagate::LineRange lines;  ///< of the probe's file, when it is there and was found
        std::vector<replay::Insertion> insertions;
    };
    base::Result<InCurrent> inCurrent(const ProbeSource& probe, const ProjectPtr& current);
    /// The text with probes that were put into it.
    base::Result<Workspace::SourceText> splicedText(const std::string& file);

    StoreHandles& m_store;
    SourceProjects& m_projects;
    ProbeBook& m_book;
    Placements& m_placements;
    ProjectPtr m_current;  ///< that the placements below belong to
    std::map<std::string, InCurrent> m_byIdentity;
};

/// A unified diff of a file to which lines were only added.
std::string additionDiff(const std::string& file, const std::string& before, const std::string& after);

}  // namespace hindcast::workspace
