// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/listing/version_difference.h"

#include <map>
#include <utility>

#include "core/base/file.h"
#include "core/format/run_info.h"
#include "core/store/source/source_trees.h"
#include "core/store/source/text_patch.h"

namespace hindcast::workspace {

using base::Result;

namespace {

using Texts = std::map<std::string, std::string>;

/// Every key of both maps once, in order, with what each map has for it (null: nothing).
template <class T, class Visit>
void eachKey(const std::map<std::string, T>& before, const std::map<std::string, T>& after, Visit visit) {
    std::map<std::string, std::pair<const T*, const T*>> all;
    for (const auto& [key, value] : before) all[key].first = &value;
    for (const auto& [key, value] : after) all[key].second = &value;
    for (const auto& [key, sides] : all) visit(key, sides.first, sides.second);
}

template <class T>
std::optional<T> valueOf(const T* value) {
    return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

std::vector<FactDifference> differences(const Texts& before, const Texts& after) {
    std::vector<FactDifference> found;
    eachKey(before, after, [&](const std::string& name, const std::string* left, const std::string* right) {
        if (left != nullptr && right != nullptr && *left == *right) return;
        found.push_back({name, valueOf(left), valueOf(right)});
    });
    return found;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

/// What a run stood in, each fact under a name of its own.
Texts environmentOf(const format::RunInfo& run) {
    Texts facts{{"script", run.script},
                {"command line", joined(run.argv)},
                {"python", run.interpreter.version},
                {"interpreter", run.interpreter.path},
                {"machine", run.host.name},
                {"system", run.host.system},
                {"cpu", run.host.cpu},
                {"cores", std::to_string(run.host.cores)}};
    if (run.hashSeed.set) facts["hash seed"] = *run.hashSeed.set;
    if (run.git && !run.git->head.empty()) facts["git"] = run.git->head + (run.git->dirty ? " with changes" : "");
    for (const auto& [name, version] : run.packages) facts["package " + name] = version;
    for (const auto& [name, value] : run.environment) facts["variable " + name] = value;
    std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
    return facts;
}

Result<Texts> readEnvironment(const store::Project& project, const base::Uuid& version) {
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(project.versionFolder(version) / "run.json"));
    HINDCAST_ASSIGN(const format::RunInfo run, format::parseRunInfo(text));
    return environmentOf(run);
}

std::map<std::string, store::SourceFile> byPath(const std::vector<store::SourceFile>& files) {
    std::map<std::string, store::SourceFile> paths;
    for (const store::SourceFile& file : files) paths[file.path] = file;
    return paths;
}

/// The sources of two versions, file by file.
class SourceComparison {
public:
    SourceComparison(const store::SourceTrees& trees, const VersionView& before, const VersionView& after)
        : m_trees(trees), m_before(before), m_after(after) {}

    Result<std::vector<FileDifference>> run() const {
        HINDCAST_ASSIGN(const auto filesBefore, m_trees.list(m_before.uuid));
        HINDCAST_ASSIGN(const auto filesAfter, m_trees.list(m_after.uuid));
        const auto before = byPath(filesBefore);
        const auto after = byPath(filesAfter);
        std::vector<std::string> changed;
        eachKey(before, after,
                [&](const std::string& path, const store::SourceFile* left, const store::SourceFile* right) {
                    if (left == nullptr || right == nullptr || left->digest != right->digest) changed.push_back(path);
                });
        std::vector<FileDifference> found;
        for (const std::string& path : changed) {
            HINDCAST_ASSIGN(FileDifference file, compare(path, before.contains(path), after.contains(path)));
            found.push_back(std::move(file));
        }
        return found;
    }

private:
    Result<FileDifference> compare(const std::string& path, bool inBefore, bool inAfter) const {
        std::optional<std::string> left, right;
        if (inBefore) {
            HINDCAST_ASSIGN(left, m_trees.readFile(m_before.uuid, path));
        }
        if (inAfter) {
            HINDCAST_ASSIGN(right, m_trees.readFile(m_after.uuid, path));
        }
        HINDCAST_ASSIGN(store::TextPatch patch,
                        store::patchBetween(left, right, name(m_before) + "/" + path, name(m_after) + "/" + path));
        return FileDifference{path, inBefore, inAfter, std::move(patch.text), patch.added, patch.removed};
    }
    static std::string name(const VersionView& version) { return "v" + std::to_string(version.number); }

    const store::SourceTrees& m_trees;
    const VersionView& m_before;
    const VersionView& m_after;
};

}  // namespace

Result<VersionDifference> differenceOf(const store::Project& project, const VersionView& before,
                                       const VersionView& after) {
    VersionDifference difference;
    difference.arguments = differences(before.arguments, after.arguments);
    HINDCAST_ASSIGN(const Texts environmentBefore, readEnvironment(project, before.uuid));
    HINDCAST_ASSIGN(const Texts environmentAfter, readEnvironment(project, after.uuid));
    difference.environment = differences(environmentBefore, environmentAfter);
    HINDCAST_ASSIGN(const store::SourceTrees trees, store::SourceTrees::open(project));
    for (const VersionView* version : {&before, &after}) {
        if (difference.sourceMissing.empty() && !trees.has(version->uuid))
            difference.sourceMissing = "v" + std::to_string(version->number) + " has no stored source";
    }
    if (difference.sourceMissing.empty()) {
        HINDCAST_ASSIGN(difference.files, SourceComparison(trees, before, after).run());
    }
    eachKey(before.lastValues, after.lastValues, [&](const std::string& name, const double* left, const double* right) {
        difference.values.push_back({name, valueOf(left), valueOf(right)});
    });
    return difference;
}

}  // namespace hindcast::workspace
