// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/early_imports.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <sstream>

namespace hindcast::replay {

namespace fs = std::filesystem;

namespace {

/// Words after which libraries may load or count differently than in an interpreter that imported them first.
constexpr std::array kTouches{"os.environ[", "environ.update", "environ.setdefault", "environ.pop", "environ |=",
                              "putenv",      "load_dotenv",    "sys.modules",        "meta_path",   "setdlopenflags"};

bool touchesWhatImportsDependOn(const std::string& text) {
    return std::any_of(kTouches.begin(), kTouches.end(),
                       [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// Modules that one line imports, dotted; empty for other lines. `from .x import y` is relative and left out: its file
/// is reached through the package that holds it.
std::vector<std::string> importsOf(const std::string& line) {
    std::string rest;
    if (line.starts_with("import ")) rest = line.substr(7, line.find('#') - 7);
    if (line.starts_with("from ")) rest = line.substr(5, line.find(" import") - 5);
    std::vector<std::string> modules;
    std::replace(rest.begin(), rest.end(), ',', '\n');
    std::istringstream parts(rest);
    for (std::string part; std::getline(parts, part);) {
        const std::size_t first = part.find_first_not_of(" \t");
        if (first == std::string::npos || part[first] == '.') continue;
        const std::size_t last = part.find_first_of(" \t\r;", first);
        modules.push_back(part.substr(first, last == std::string::npos ? last : last - first));
    }
    return modules;
}

class Finder {
public:
    Finder(const SourceTexts& files, const std::vector<std::string>& installed)
        : m_files(files), m_installed(installed.begin(), installed.end()) {
        for (const auto& [path, text] : files) {
            for (fs::path part = path; !part.empty(); part = part.parent_path()) m_own.insert(part.stem().string());
        }
    }

    void read(const std::string& file) {
        const auto found = m_files.find(file);
        if (found == m_files.end() || !m_read.insert(file).second) return;
        m_touched = m_touched || touchesWhatImportsDependOn(*found->second);
        const fs::path folder = fs::path(file).parent_path();
        std::istringstream lines(*found->second);
        bool inText = false;
        for (std::string line; std::getline(lines, line);) {
            const bool wasInText = inText;
            for (std::size_t at = 0; (at = line.find("\"\"\"", at)) != std::string::npos; at += 3) inText = !inText;
            for (std::size_t at = 0; (at = line.find("'''", at)) != std::string::npos; at += 3) inText = !inText;
            if (wasInText) continue;
            for (const std::string& module : importsOf(line)) take(module, folder);
        }
    }

    std::vector<std::string> found() const { return m_touched ? std::vector<std::string>() : m_found; }

private:
    void take(const std::string& module, const fs::path& folder) {
        const std::string top = module.substr(0, module.find('.'));
        if (m_own.contains(top)) {
            std::string path = module;
            std::replace(path.begin(), path.end(), '.', '/');
            for (const fs::path& base : {folder, fs::path()}) {
                read((base / (path + ".py")).generic_string());
                read((base / path / "__init__.py").generic_string());
            }
        } else if (m_installed.contains(top) && std::find(m_found.begin(), m_found.end(), module) == m_found.end()) {
            m_found.push_back(module);
        }
    }

    const SourceTexts& m_files;
    std::set<std::string> m_installed;
    std::set<std::string> m_own;  ///< names that the project itself may mean
    std::set<std::string> m_read;
    std::vector<std::string> m_found;
    bool m_touched = false;
};

}  // namespace

std::vector<std::string> earlyImports(const SourceTexts& files, const std::string& script,
                                      const std::vector<std::string>& installed) {
    Finder finder(files, installed);
    finder.read(script);
    return finder.found();
}

}  // namespace hindcast::replay
