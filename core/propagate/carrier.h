// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/propagate/places/placer.h"
#include "core/propagate/propagate.h"

namespace hindcast::propagate {

/// Carries a group of statements from one project into another, one after the other: each sees the old sources with
/// those before it already in place.
class Carrier {
public:
    Carrier(const Project& newest, const Project& old, std::stop_token stop)
        : m_newest(newest), m_old(old), m_stop(std::move(stop)) {}

    /// ErrorCode::Cancelled once a stop is requested.
    [[nodiscard]] base::Result<Placement> carry(const std::vector<Probe>& group);

private:
    struct Step {
        Placement::Kind kind = Placement::Kind::Conflict;
        double confidence = 0;
        std::string reason;
        SplicedText spliced;
        std::string file;
        std::vector<Candidate> candidates;
        std::vector<std::string> unresolved;
    };

    [[nodiscard]] base::Result<ParsedFilePtr> oldFile(const std::string& path) const;
    /// Where a statement of the group was put.
    struct Put {
        std::string file;
        int line = 0;
    };

    [[nodiscard]] base::Result<bool> isDirectlyBehind(const Probe& probe, const Probe& before) const;
    [[nodiscard]] base::Result<Step> carryOne(const Probe& probe, const std::vector<Probe>& group,
                                              const std::optional<Put>& behind) const;
    [[nodiscard]] base::Result<Step> carryBetween(const std::vector<ParsedFilePtr>& newFiles,
                                                  const std::vector<ParsedFilePtr>& oldFiles, const Probe& probe,
                                                  const std::vector<Probe>& group,
                                                  const std::optional<Put>& behind) const;
    std::vector<ParsedFilePtr> widened(const Project& project, const Project& other, const std::string& needed,
                                       bool isOld) const;
    void remember(Placement& placement, const Step& step);

    const Project& m_newest;
    const Project& m_old;
    std::stop_token m_stop;
    std::map<std::string, ParsedFilePtr> m_spliced;  ///< old files with statements of the group in them
};

}  // namespace hindcast::propagate
