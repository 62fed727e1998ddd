// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/journal/journal_reader.h"

namespace hindcast::replay {

/// How well a replayed iteration is proven, best first. Same order as in FORMAT.md section 9.
enum class Grade { Exact, ExactLogs, Numeric, Unverified, Diverged };
std::optional<Grade> gradeNamed(std::string_view name);

/// A phase of a worker that has ended: NOTE "progress".
struct PhaseReport {
    std::string phase;        ///< "prefix" (with the imports before it), "restore", "iteration"
    std::int64_t index = -1;  ///< outer iteration, -1 when it has none
    double seconds = 0;
};

/// A decided iteration: FIDELITY.
struct IterationReport {
    std::string loop;  ///< "" for prefix and suffix
    std::int64_t occurrence = 0;
    std::int64_t index = 0;
    Grade grade = Grade::Unverified;
    std::string words;  ///< first difference and cause, or the first error of the statement; "" when all is well
    bool statementRaised = false;
};

/// Iterations that need a deeper mode: NOTE "escalate".
struct EscalationReport {
    std::int64_t first = -1;
    std::int64_t last = -1;
    std::string to;  ///< mode name
    std::string reason;
    std::optional<std::int64_t> latest;  ///< boundary to begin at, or before; absent: the nearest
};

/// END.
struct EndReport {
    bool complete = false;
    std::string reason;
};

/// What a replay's journal said since the last look.
struct TailReport {
    std::vector<PhaseReport> phases;
    std::vector<IterationReport> iterations;
    std::vector<EscalationReport> escalations;
    std::optional<EndReport> end;
    std::uint64_t values = 0;  ///< logged by statements
    bool began = false;        ///< the journal exists
};

/// Follows the journal of one replay while its worker writes it. Values are skipped. One thread. Cost of a look at a
/// journal that did not grow: one stat.
class FolderTail {
public:
    explicit FolderTail(std::filesystem::path replayFolder) : m_folder(std::move(replayFolder)) {}

    /// What is new. A journal that is not there yet is an empty report; damage ends the following silently (fsck names
    /// it).
    base::Result<TailReport> poll();

private:
    std::filesystem::path m_folder;
    std::optional<format::JournalReader> m_reader;
    std::uint64_t m_position = format::JournalReader::start();
};

}  // namespace hindcast::replay
