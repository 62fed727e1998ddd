// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/snapshot_message.h"

#include <nlohmann/json.hpp>

namespace hindcast::store {

using nlohmann::json;

std::string snapshotMessage(const base::Uuid& version, const Snapshot& snapshot) {
    json skipped = json::array();
    for (const SkippedFile& file : snapshot.skipped)
        skipped.push_back({{"path", file.path}, {"bytes", file.bytes}, {"reason", file.reason}});
    json facts = {{"files", snapshot.files},
                  {"bytes", snapshot.bytes},
                  {"skipped", skipped},
                  {"changedSince", snapshot.changedSince}};
    if (snapshot.git)
        facts["git"] = {{"head", snapshot.git->head},
                        {"branch", snapshot.git->branch},
                        {"remote", snapshot.git->remote},
                        {"dirty", snapshot.git->dirty}};
    // File names are bytes; JSON is text: what is no UTF-8 is shown with replacement characters.
    return "Source of version " + version.text() + "\n\n" + facts.dump(1, ' ', false, json::error_handler_t::replace) +
           "\n";
}

Snapshot parseSnapshotMessage(const std::string& message) {
    Snapshot snapshot;
    const std::size_t begin = message.find('{');
    if (begin == std::string::npos) return snapshot;
    const json facts = json::parse(message.substr(begin), nullptr, false);
    if (!facts.is_object()) return snapshot;
    snapshot.files = facts.value("files", std::uint64_t{0});
    snapshot.bytes = facts.value("bytes", std::uint64_t{0});
    for (const json& file : facts.value("skipped", json::array()))
        snapshot.skipped.push_back(
            {file.value("path", ""), file.value("bytes", std::uint64_t{0}), file.value("reason", "")});
    for (const json& path : facts.value("changedSince", json::array()))
        snapshot.changedSince.push_back(path.get<std::string>());
    if (facts.contains("git")) {
        const json& git = facts["git"];
        snapshot.git = GitFacts{git.value("head", ""), git.value("branch", ""), git.value("remote", ""),
                                git.value("dirty", false)};
    }
    return snapshot;
}

}  // namespace hindcast::store
