// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/parsed_file.h"

#include <mutex>
#include <optional>
#include <system_error>
#include <unordered_map>

namespace hindcast::propagate {

struct Project::State {
    std::vector<SourceFile> files;
    std::unordered_map<std::string, std::size_t> byPath;
    std::mutex mutex;  // guards parsed
    std::vector<std::optional<base::Result<ParsedFilePtr>>> parsed;
};

Project::Project(std::vector<SourceFile> files) : m_state(std::make_unique<State>()) {
    m_state->files = std::move(files);
    m_state->parsed.resize(m_state->files.size());
    for (std::size_t i = 0; i < m_state->files.size(); ++i) m_state->byPath.emplace(m_state->files[i].path, i);
}

Project::~Project() = default;
Project::Project(Project&&) noexcept = default;
Project& Project::operator=(Project&&) noexcept = default;

const std::vector<SourceFile>& Project::files() const {
    return m_state->files;
}

base::Result<ParsedFilePtr> parseFile(std::string path, std::string text) {
    HINDCAST_ASSIGN(auto tree, syntax::parsePython(path, std::move(text)));
    return ParsedFilePtr(
        std::make_shared<ParsedFile>(ParsedFile{std::move(path), tree, syntax::Outline(*tree), syntax::Scopes(*tree)}));
}

const SourceFile* ProjectAccess::find(const Project& project, std::string_view path) {
    const auto found = project.m_state->byPath.find(std::string(path));
    return found == project.m_state->byPath.end() ? nullptr : &project.m_state->files[found->second];
}

base::Result<ParsedFilePtr> ProjectAccess::parsed(const Project& project, std::string_view path) {
    Project::State& state = *project.m_state;
    const auto found = state.byPath.find(std::string(path));
    if (found == state.byPath.end()) {
        return base::Error(base::ErrorCode::NotFound, "the project has no file " + std::string(path));
    }
    {
        const std::lock_guard lock(state.mutex);
        if (state.parsed[found->second]) return *state.parsed[found->second];
    }
    // Parsed outside the lock: two threads may parse the same file once each, and both results are equal.
    auto result = parseFile(state.files[found->second].path, state.files[found->second].text);
    const std::lock_guard lock(state.mutex);
    state.parsed[found->second].emplace(result);
    return result;
}

std::future<void> ProjectAccess::parseBeside(const Project& project, std::string_view path) {
    Project::State& state = *project.m_state;
    const auto found = state.byPath.find(std::string(path));
    if (found == state.byPath.end()) return {};
    {
        const std::lock_guard lock(state.mutex);
        if (state.parsed[found->second]) return {};
    }
    try {
        return std::async(std::launch::async, [&project, path = found->first] { (void)parsed(project, path); });
    } catch (const std::system_error&) {
        return {};  // no thread to be had: it is parsed when it is needed
    }
}

}  // namespace hindcast::propagate
