// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/snapshot_rules.h"

#include <fnmatch.h>

#include <array>

namespace hindcast::store {

namespace {

struct Rule {
    const char* pattern;  ///< of one path component
    bool folder;
    const char* reason;
};

constexpr const char* kSecret = "may hold a secret";
constexpr const char* kCache = "cache";
constexpr const char* kEnvironment = "virtual environment or installed packages";
constexpr const char* kHistory = "version control";
constexpr const char* kStore = "the store itself";

constexpr std::array<Rule, 46> kRules = {{
    {".hindcast", true, kStore},
    {".git", true, kHistory},
    {".git", false, kHistory},
    {".hg", true, kHistory},
    {".svn", true, kHistory},
    {".env*", true, kSecret},
    {".env*", false, kSecret},
    {"*.env", false, kSecret},
    {"*.pem", false, kSecret},
    {"*.key", false, kSecret},
    {"*.p12", false, kSecret},
    {"*.pfx", false, kSecret},
    {"*.jks", false, kSecret},
    {"*.keystore", false, kSecret},
    {"*.kdbx", false, kSecret},
    {"*.ppk", false, kSecret},
    {"id_rsa*", false, kSecret},
    {"id_dsa*", false, kSecret},
    {"id_ecdsa*", false, kSecret},
    {"id_ed25519*", false, kSecret},
    {".netrc", false, kSecret},
    {".pypirc", false, kSecret},
    {".npmrc", false, kSecret},
    {".pgpass", false, kSecret},
    {".htpasswd", false, kSecret},
    {".git-credentials", false, kSecret},
    {".dockercfg", false, kSecret},
    {"kaggle.json", false, kSecret},
    {".aws", true, kSecret},
    {".ssh", true, kSecret},
    {".gnupg", true, kSecret},
    {".kube", true, kSecret},
    {".venv", true, kEnvironment},
    {"site-packages", true, kEnvironment},
    {"node_modules", true, kEnvironment},
    {".tox", true, kEnvironment},
    {".nox", true, kEnvironment},
    {".eggs", true, kEnvironment},
    {"__pycache__", true, kCache},
    {"*.py[co]", false, kCache},
    {".mypy_cache", true, kCache},
    {".pytest_cache", true, kCache},
    {".ruff_cache", true, kCache},
    {".ipynb_checkpoints", true, kCache},
    {".cache", true, kCache},
    {".DS_Store", false, kCache},
}};

std::string_view reasonFor(const std::string& component, bool folder) {
    for (const Rule& rule : kRules)
        if (rule.folder == folder && fnmatch(rule.pattern, component.c_str(), FNM_CASEFOLD) == 0) return rule.reason;
    return {};
}

}  // namespace

std::string_view reasonToLeaveOut(std::string_view path) {
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const bool folder = slash != std::string_view::npos;
        const std::string_view reason = reasonFor(std::string(path.substr(0, slash)), folder);
        if (!reason.empty()) return reason;
        if (!folder) break;
        path.remove_prefix(slash + 1);
    }
    return {};
}

const std::string& leaveOutAsIgnoreRules() {
    static const std::string rules = [] {
        std::string text;
        for (const Rule& rule : kRules)
            if (rule.folder) text += std::string(rule.pattern) + "/\n";
        return text;
    }();
    return rules;
}

std::string_view environmentFolderOf(std::string_view path) {
    for (const std::string_view mark : {std::string_view("pyvenv.cfg"), std::string_view("conda-meta/history")})
        if (path.ends_with(mark) && path.size() > mark.size() && path[path.size() - mark.size() - 1] == '/')
            return path.substr(0, path.size() - mark.size());
    return {};
}

std::string withoutCredentials(std::string url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos) return url;
    const std::size_t begin = scheme + 3;
    const std::size_t at = url.rfind('@', url.find('/', begin));
    if (at != std::string::npos && at > begin) url.erase(begin, at + 1 - begin);
    return url;
}

}  // namespace hindcast::store
