// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/propagate.h"

#include <algorithm>

#include "core/propagate/carrier.h"

namespace hindcast::propagate {
namespace {

/// A version with what was spliced into it, and where the group stands there.
struct Station {
    Project project;
    std::vector<Probe> group;
};

/// The next station of a chain: the version with its spliced files in place. Empty group: the statements cannot be
/// named there.
Station stationAfter(const Project& version, const Placement& placement) {
    std::vector<SourceFile> files = version.files();
    std::vector<Probe> group;
    for (const SplicedFile& spliced : placement.spliced) {
        for (SourceFile& file : files) {
            if (file.path == spliced.file) file.text = spliced.text;
        }
    }
    for (auto spliced = placement.spliced.rbegin(); spliced != placement.spliced.rend(); ++spliced) {
        for (const LineRange lines : spliced->inserted) group.push_back({spliced->file, lines.first});
    }
    return {Project(std::move(files)), std::move(group)};
}

}  // namespace

base::Result<Placement> place(const Project& newest, const Probe& probe, const Project& old,
                              const std::stop_token& stop) {
    return placeGroup(newest, {probe}, old, stop);
}

base::Result<Placement> placeGroup(const Project& newest, const std::vector<Probe>& group, const Project& old,
                                   const std::stop_token& stop) {
    return Carrier(newest, old, stop).carry(group);
}

base::Result<Placement> placeThrough(const Project& newest, const std::vector<Probe>& group,
                                     const std::vector<const Project*>& between, const Project& old,
                                     const std::stop_token& stop) {
    const Project* from = &newest;
    std::vector<Probe> probes = group;
    std::vector<Station> stations;
    stations.reserve(between.size());
    double confidence = 1;
    for (const Project* version : between) {
        auto step = placeGroup(*from, probes, *version, stop);
        if (!step && step.error().code() == base::ErrorCode::Cancelled) return step.error();
        // A version in between that cannot take the whole group is stepped over.
        if (!step || step->kind != Placement::Kind::Placed) continue;
        Station station = stationAfter(*version, *step);
        if (station.group.size() != probes.size()) continue;
        confidence = std::min(confidence, step->confidence);
        probes = station.group;
        stations.push_back(std::move(station));
        from = &stations.back().project;
    }
    HINDCAST_ASSIGN(Placement last, placeGroup(*from, probes, old, stop));
    last.confidence = std::min(confidence, last.confidence);
    if (stations.empty() || last.kind != Placement::Kind::Placed) return last;
    last.reason += ", carried through " + std::to_string(stations.size()) +
                   (stations.size() == 1 ? " version" : " versions") + " between";
    return last;
}

}  // namespace hindcast::propagate
