// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/stations.h"

#include <map>
#include <memory>

#include "core/format/digest.h"
#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

std::string nameOf(const base::Uuid& version, const store::PlacementDecision& decision) {
    const std::string place = decision.file + "\n" + std::to_string(decision.line) + "\n" +
                              decision.indent.value_or("-") + "\n" + decision.text;
    return version.text() + " " + format::digest128(base::bytesOf(place)).hex();
}

std::optional<base::Uuid> versionOf(const std::string& decisionName) {
    return base::Uuid::parse(decisionName.substr(0, decisionName.find(' ')));
}

Result<Station> stationOf(const base::Uuid& version, const propagate::Project& sources,
                          const std::vector<replay::Insertion>& insertions) {
    std::map<std::string, std::string> originals;
    for (const replay::Insertion& insertion : insertions) {
        const std::string* text = textOf(sources, insertion.file);
        if (!text) return Error(ErrorCode::NotFound, "the version has no file " + insertion.file);
        originals[insertion.file] = *text;
    }
    HINDCAST_ASSIGN(const replay::SplicedSource source, replay::spliceAll(originals, {{0, insertions}}));
    std::vector<propagate::SourceFile> files = sources.files();
    for (propagate::SourceFile& file : files) {
        if (const auto changed = source.files.find(file.path); changed != source.files.end())
            file.text = changed->second;
    }
    Station station;
    station.version = version;
    const std::string& own = insertions.front().file;
    for (const bool isOwn : {false, true}) {
        for (const replay::Injection& lines : source.injected) {
            if ((lines.file == own) != isOwn) continue;
            HINDCAST_ASSIGN(const std::vector<propagate::Probe> statements,
                            statementsIn({lines.file, source.files.at(lines.file)}, {lines.first, lines.last}));
            station.group.insert(station.group.end(), statements.begin(), statements.end());
        }
    }
    station.project = std::make_shared<const propagate::Project>(std::move(files));
    return station;
}

}  // namespace hindcast::workspace
