// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/contract.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/propagate/propagate.h"

namespace hindcast::propagate {
namespace {

constexpr int kPlaced = 0;
constexpr int kBadInput = 2;
constexpr int kAlreadyThere = 3;
constexpr int kConflict = 4;

base::Result<std::string> readAll(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::Error::fromErrno(errno, "reading " + path);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (file.bad()) return base::Error::fromErrno(errno, "reading " + path);
    return text;
}

base::Result<void> writeAll(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) return base::Error::fromErrno(errno, "writing " + path);
    return {};
}

std::string conflictJson(const std::string& reason, const Placement& placement) {
    nlohmann::json candidates = nlohmann::json::array();
    for (const Candidate& candidate : placement.candidates) {
        candidates.push_back({{"line", candidate.line},
                              {"score", candidate.score},
                              {"statement", candidate.statement},
                              {"why", candidate.why}});
    }
    const nlohmann::json document = {{"status", "conflict"},
                                     {"reason", reason},
                                     {"confidence", placement.confidence},
                                     {"unresolved", placement.unresolvedNames},
                                     {"candidates", candidates}};
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

int failed(const base::Error& error, std::ostream& out, std::ostream& err) {
    if (error.code() == base::ErrorCode::Conflict) {
        out << conflictJson(error.text(), {}) << "\n";
        return kConflict;
    }
    err << "hindcast: " << error.text() << "\n";
    return kBadInput;
}

}  // namespace

int runPropagateContract(const std::string& newPath, int line, const std::string& oldPath, const std::string& outPath,
                         std::ostream& out, std::ostream& err) {
    auto newText = readAll(newPath);
    if (!newText) return failed(newText.error(), out, err);
    auto oldText = readAll(oldPath);
    if (!oldText) return failed(oldText.error(), out, err);
    // Two files are given, so they are the same file of two versions, whatever they are called.
    std::vector<SourceFile> newFiles;
    std::vector<SourceFile> oldFiles;
    newFiles.push_back({newPath, *std::move(newText)});
    oldFiles.push_back({newPath, *oldText});
    const Project newest(std::move(newFiles));
    const Project older(std::move(oldFiles));
    auto placement = place(newest, {newPath, line}, older);
    if (!placement) {
        const auto old = findLogStatements({oldPath, *std::move(oldText)});
        return failed(old ? placement.error() : old.error(), out, err);
    }
    if (placement->kind == Placement::Kind::AlreadyThere) {
        err << "hindcast: " << placement->reason << "\n";
        return kAlreadyThere;
    }
    if (placement->kind == Placement::Kind::Conflict) {
        out << conflictJson(placement->reason, *placement) << "\n";
        return kConflict;
    }
    const auto written = writeAll(outPath, placement->spliced.front().text);
    return written ? kPlaced : failed(written.error(), out, err);
}

}  // namespace hindcast::propagate
