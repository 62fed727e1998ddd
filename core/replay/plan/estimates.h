// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/unit.h"
#include "core/store/catalog/catalog.h"

namespace hindcast::replay {

/// Seconds with one standard deviation.
struct Duration {
    double seconds = 0;
    double plusMinus = 0;

    /// Of independent parts.
    Duration& operator+=(const Duration& other);
};

/// What the recorded run took, by part. Seconds.
struct RecordedTimings {
    double prefix = 0;                           ///< start of recording to the outer loop
    std::map<std::int64_t, double> iteration;    ///< outer iteration → its whole time
    std::map<std::int64_t, double> inner;        ///< outer iteration → time inside inner loops
    std::map<std::int64_t, double> beforeInner;  ///< outer iteration → time before the first inner loop
    double suffix = 0;                           ///< after the outer loop
    double restoreBytes = 0;                     ///< raw bytes of the largest capture
    std::string script;                          ///< relative to the project; factors are learned for each
    double typical(const std::map<std::int64_t, double>& part) const;  ///< median; 0 when empty
};

/// Reads the timings of a version's outer loop from the catalog.
base::Result<RecordedTimings> readTimings(const store::Catalog& catalog, const base::Uuid& version,
                                          const std::string& loop);

/// How much faster units are somewhere than the estimates for this machine say, from replays that ran there.
struct MeasuredSpeed {
    double factor = 1;
    int replays = 0;

    bool operator==(const MeasuredSpeed&) const = default;
};

/// How real replays compared with the model, learned from what finished replays of this store reported: the newest
/// count most, those of the same script before all others.
class Estimator {
public:
    /// Uses the newest `limit` finished replays of this machine (their NOTE "progress"). A store without any: factors
    /// of 1, wide error bars. As many of each other resource tell its speed, and teach nothing about this machine.
    static base::Result<Estimator> learn(const store::Catalog& catalog, int limit = 30);

    /// One unit over `iterations` (ascending) in `mode`. Iterations between the nearest usable capture and a wanted one
    /// are run too, so they count. `share`: how much of a wanted iteration is run.
    Duration unit(const RecordedTimings& timings, Mode mode, const std::vector<std::int64_t>& iterations,
                  const std::vector<std::int64_t>& captures, double share = 1) const;

    /// What a unit takes before its first iteration: start, imports, prefix.
    Duration ready(const RecordedTimings& timings) const;

    int replaysSeen() const { return m_seen; }
    /// By the name of the resource; those on which no replay ran are not there.
    const std::map<std::string, MeasuredSpeed>& speeds() const { return m_speeds; }
    /// By what factor estimates of the replays seen were off, up or down (median); 0 where none had one.
    double typicalMiss() const { return m_typicalMiss; }

private:
    /// log(actual / model) of one kind of phase.
    struct Factor {
        double mean = 0;
        double deviation = 0.5;
    };
    struct Observations {
        double weights = 0;
        double sum = 0;
        double squares = 0;
        int count = 0;
        void add(double log, double weight);
        Factor factor() const;
    };
    struct Report;
    static std::optional<Report> reportOf(const store::Catalog& catalog, const store::ReplayRow& replay,
                                          const RecordedTimings& timings);
    void learnHere(const std::vector<Report>& reports);
    void learnElsewhere(const std::vector<Report>& reports);
    Duration scaled(double seconds, const std::string& phase, const RecordedTimings& timings) const;

    std::map<std::string, MeasuredSpeed> m_speeds;
    std::map<std::string, Factor> m_factors;  ///< of "ready", "restore", "iteration:" + mode; by script, and of all
    int m_seen = 0;
    double m_typicalMiss = 0;
};

}  // namespace hindcast::replay
