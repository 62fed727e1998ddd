// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/format/events/events.h"

namespace hindcast::exchange {

/// Number of a pass within an ImportedRun; kOutside stands for "outside every loop".
using PassId = std::uint32_t;
inline constexpr PassId kOutside = 0;

/// One run of another tool, in Hindcast's terms: arguments, and values that stand in passes of named loops. Readers
/// fill it in whatever order their source has; passes that are named again are the same pass, several values of one
/// name in one pass follow each other as ordinals. All text is made well-formed on the way in. One thread.
class ImportedRun {
public:
    /// Loops deeper than this are refused: no tool writes them, and every reader has to walk them.
    static constexpr std::size_t kMostLevels = 64;

    ImportedRun() { m_passes.emplace_back(); }

    // What the run is.
    std::string kind;      ///< "tensorboard", …
    std::string source;    ///< absolute path of what was read
    std::string run;       ///< what the source calls it
    std::string identity;  ///< the same whenever this run is read; kind and identity make the version
    std::string note;      ///< for the version's note: what people call the run

    /// Values of production belong to this version, which was trained before: they are kept beside it, as replays are.
    std::optional<base::Uuid> deployedOf;

    // Facts of the run; empty and 0 where the source does not say.
    std::string script;
    std::vector<std::string> argv;
    std::string host;
    std::string gitHead, gitRemote;
    std::int64_t startedMicros = 0;
    std::uint32_t place = 0;  ///< among the runs of its source: the order of those that have no time
    std::int64_t endedMicros = 0;
    std::string incomplete;            ///< why it is not the whole run; "" when it is
    std::string exception;             ///< how the run failed, "" when it did not
    std::vector<std::string> remarks;  ///< one sentence each: what was left out or looked wrong

    void addArgument(std::string_view name, format::Value value);

    /// Pass `index` of the loop in pass `parent`. Times are micros since 1970, 0 = unknown. The label is the text of
    /// the pass's item; the first one stays.
    base::Result<PassId> pass(PassId parent, std::string_view loop, std::int64_t index, std::int64_t micros,
                              std::string_view label = {});
    void log(PassId pass, std::string_view name, format::Value value, std::int64_t micros = 0);
    /// Something of the run happened then, whether or not it is taken.
    void noteTime(std::int64_t micros) { seen(kOutside, micros); }
    /// A remark that counts: "graphs left out: 3".
    void leaveOut(const std::string& what, std::int64_t count = 1) { m_leftOut[what] += count; }
    /// The remarks, with those that count behind them.
    std::vector<std::string> allRemarks() const;

    std::size_t valueCount() const { return m_values.size(); }

    struct Pass {
        PassId parent = kOutside;
        std::uint32_t loop = 0;
        std::uint32_t depth = 0;
        std::int64_t index = 0;
        std::int64_t micros = 0;  ///< the earliest known of it and what it holds; 0 = unknown
        std::string label;
    };
    struct Logged {
        PassId pass = kOutside;
        std::uint32_t name = 0;
        format::Value value;
    };
    const std::vector<Pass>& passes() const { return m_passes; }
    const std::vector<Logged>& values() const { return m_values; }
    const std::vector<std::pair<std::string, format::Value>>& arguments() const { return m_arguments; }
    const std::vector<std::string>& names() const { return m_names; }
    const std::vector<std::string>& loops() const { return m_loops; }

private:
    struct Texts {
        std::unordered_map<std::string, std::uint32_t> ids;
        std::string last;  ///< the text asked for last, as given: most sources repeat themselves
        std::uint32_t lastId = 0;
        std::uint32_t idOf(std::string_view text, std::vector<std::string>& all);
    };
    struct PassKey {
        PassId parent = kOutside;
        std::uint32_t loop = 0;
        std::int64_t index = 0;
        bool operator==(const PassKey&) const = default;
    };
    struct PassKeyHash {
        std::size_t operator()(const PassKey& key) const;
    };
    void seen(PassId pass, std::int64_t micros);

    std::vector<Pass> m_passes;  ///< [0] stands for "outside"
    std::unordered_map<PassKey, PassId, PassKeyHash> m_passIds;
    std::vector<Logged> m_values;
    std::vector<std::pair<std::string, format::Value>> m_arguments;
    std::vector<std::string> m_names, m_loops;
    Texts m_nameIds, m_loopIds;
    std::map<std::string, std::int64_t> m_leftOut;
};

/// Takes a run that a reader has finished. A reader stops with the error that this returns.
using RunSink = std::function<base::Result<void>(ImportedRun&&)>;

}  // namespace hindcast::exchange
