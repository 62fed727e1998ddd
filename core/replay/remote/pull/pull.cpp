// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/pull/pull.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>

#include "core/base/file.h"
#include "core/replay/remote/agent.h"
#include "core/replay/remote/pull/pull_sink.h"
#include "core/replay/remote/pull/pull_state.h"
#include "core/replay/remote/store_files.h"
#include "core/store/annotations/annotations.h"
#include "core/store/captures_elsewhere.h"
#include "core/store/lease.h"
#include "core/store/scratch.h"
#include "core/store/version_names.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLook{50};
constexpr std::chrono::seconds kSaveEvery{2};
/// Files asked for and not here yet: enough that the line never idles.
constexpr std::size_t kMostAsked = 64;

bool isSegment(const std::string& path) {
    return path.find("/segments/") != std::string::npos;
}

/// "versions/<uuid>/…" → uuid
std::optional<base::Uuid> runOf(const std::string& path, const std::string& folder) {
    if (!path.starts_with(folder + "/")) return std::nullopt;
    const std::size_t begin = folder.size() + 1;
    return base::Uuid::parse(path.substr(begin, path.find('/', begin) - begin));
}

/// One pull, from the connection to the last file.
class Pull {
public:
    Pull(const store::Project& project, const PullOptions& options, store::ScratchFolder folder, SshLink link,
         PullState state)
        : m_project(project),
          m_options(options),
          m_folder(std::move(folder)),
          m_link(std::move(link)),
          m_state(std::move(state)) {}

    Result<PullReport> run();

private:
    struct Asked {
        StoreFile file;
        PullSink sink;
    };

    Result<void> pullAll();
    Result<std::vector<StoreFile>> list(const std::string& folder);
    Result<void> fetchAll(std::vector<StoreFile> files);
    Result<void> pullSource();
    Result<void> pullVersions();
    Result<void> pullPacks();
    Result<std::set<base::Uuid>> withCaptures(const std::vector<base::Uuid>& versions);
    bool hasCaptures(const base::Uuid& version) const;
    Result<void> markLeft(const base::Uuid& version);
    bool isWanted(const StoreFile& file) const;
    void ask(const StoreFile& file);
    Result<void> takePiece(const Message& piece);
    Result<Message> receive();
    Result<void> save();
    void noteVersion(const StoreFile& file);

    const store::Project& m_project;
    const PullOptions& m_options;
    store::ScratchFolder m_folder;
    SshLink m_link;
    PullState m_state;
    PullReport m_report;
    std::deque<Asked> m_asked;
    std::set<base::Uuid> m_wanted;  ///< versions whose captures are asked for
    std::vector<StoreFile> m_packs;
    std::set<base::Uuid> m_left;  ///< versions whose captures stay there
    std::int64_t m_files = 0;
    Clock::time_point m_saved = Clock::now();
};

Result<PullReport> Pull::run() {
    m_link.stream().send({agent_words::kHello, {{"probe", "scratch/" + m_folder.path().filename().string()}}, ""});
    HINDCAST_ASSIGN(const Message hello, receive());
    if (hello.field("sees") == "1")
        return Error(ErrorCode::InvalidArgument, "the project there is this very project: there is nothing to pull");
    const auto pulled = pullAll();
    // What arrived is remembered also when the rest did not.
    HINDCAST_TRY(save());
    HINDCAST_TRY(pulled);
    return m_report;
}

/// Numbers and tags first, so that versions get theirs; code before what refers to it; tensors before they are missed.
Result<void> Pull::pullAll() {
    HINDCAST_ASSIGN(std::vector<StoreFile> marks, list("annotations"));
    HINDCAST_TRY(fetchAll(std::move(marks)));
    HINDCAST_TRY(pullSource());
    HINDCAST_TRY(pullVersions());
    HINDCAST_TRY(pullPacks());
    HINDCAST_ASSIGN(std::vector<StoreFile> replays, list("replays"));
    std::erase_if(replays, [](const StoreFile& file) { return isSegment(file.path); });
    return fetchAll(std::move(replays));
}

Result<void> Pull::pullSource() {
    HINDCAST_ASSIGN(std::vector<StoreFile> files, list("code.git"));
    std::erase_if(files, [](const StoreFile& file) { return file.path.ends_with(".lock"); });
    const auto isReference = [](const StoreFile& file) {
        return file.path.starts_with("code.git/refs/") || file.path == "code.git/packed-refs";
    };
    const auto references =
        std::stable_partition(files.begin(), files.end(), [&](const StoreFile& file) { return !isReference(file); });
    std::vector<StoreFile> later(references, files.end());
    files.erase(references, files.end());
    HINDCAST_TRY(fetchAll(std::move(files)));
    return fetchAll(std::move(later));
}

/// Whether its captures came with an earlier pull, as files of its own or in packs.
bool Pull::hasCaptures(const base::Uuid& version) const {
    const fs::path folder = m_project.versionFolder(version);
    std::error_code ignored;
    if (!fs::exists(folder, ignored) || store::capturesElsewhere(folder)) return false;
    const auto pack = m_state.files.lower_bound("packs/");
    return fs::exists(folder / "segments", ignored) ||
           (pack != m_state.files.end() && pack->first.starts_with("packs/"));
}

Result<std::set<base::Uuid>> Pull::withCaptures(const std::vector<base::Uuid>& versions) {
    if (m_options.captures == "all") return std::set<base::Uuid>(versions.begin(), versions.end());
    std::set<base::Uuid> wanted;
    for (const base::Uuid& version : versions) {
        // Once here, captures of a version that still records go on coming.
        if (hasCaptures(version)) wanted.insert(version);
    }
    if (m_options.captures.empty()) return wanted;
    HINDCAST_ASSIGN(const store::Annotations annotations, store::Annotations::open(m_project));
    HINDCAST_ASSIGN(const std::vector<base::Uuid> named,
                    store::VersionNames(versions, annotations.view()).list(m_options.captures));
    wanted.insert(named.begin(), named.end());
    return wanted;
}

Result<void> Pull::pullVersions() {
    HINDCAST_ASSIGN(std::vector<StoreFile> files, list("versions"));
    std::vector<base::Uuid> versions;
    for (const StoreFile& file : files) {
        const auto version = runOf(file.path, "versions");
        if (version && (versions.empty() || versions.back() != *version)) versions.push_back(*version);
    }
    HINDCAST_ASSIGN(m_wanted, withCaptures(versions));
    HINDCAST_ASSIGN(m_packs, list("packs"));
    std::vector<StoreFile> tensors;
    std::vector<StoreFile> others;
    for (StoreFile& file : files) {
        const auto version = runOf(file.path, "versions");
        if (!version || file.path.ends_with(store::kCapturesElsewhere)) continue;
        if (!isSegment(file.path))
            others.push_back(std::move(file));
        else if (m_wanted.contains(*version))
            tensors.push_back(std::move(file));
        else
            m_left.insert(*version);
    }
    if (!m_packs.empty()) {  // which of them a version needs is known only where its journal is
        for (const base::Uuid& version : versions) {
            if (!m_wanted.contains(version)) m_left.insert(version);
        }
    }
    for (const base::Uuid& version : m_left) HINDCAST_TRY(markLeft(version));
    HINDCAST_TRY(fetchAll(std::move(tensors)));
    return fetchAll(std::move(others));
}

/// Before its journal is here: from then on its captures would be missed.
Result<void> Pull::markLeft(const base::Uuid& version) {
    const fs::path folder = m_project.versionFolder(version);
    HINDCAST_TRY(base::makeFolder(folder));
    return store::markCapturesElsewhere(folder, m_options.place.host + ":" + m_options.place.path);
}

/// Packs hold tensors of several versions: all of them come, where any captures are asked for.
Result<void> Pull::pullPacks() {
    if (!m_wanted.empty()) {
        for (const StoreFile& pack : m_packs) {
            const bool known = m_state.files.contains(pack.path);
            std::error_code ignored;
            if (!known && fs::exists(m_project.store() / pack.path, ignored))
                return Error(ErrorCode::Conflict, pack.path + " here is not the file of that name at " +
                                                      m_options.place.host + ": pull captures into an empty project");
        }
        HINDCAST_TRY(fetchAll(m_packs));
    }
    for (const base::Uuid& version : m_wanted) {
        std::error_code ignored;
        fs::remove(m_project.versionFolder(version) / store::kCapturesElsewhere, ignored);
    }
    return {};
}

Result<std::vector<StoreFile>> Pull::list(const std::string& folder) {
    m_link.stream().send({agent_words::kList, {{"folder", folder}}, ""});
    for (;;) {
        HINDCAST_ASSIGN(const Message message, receive());
        if (message.kind == agent_words::kListing) return parseListing(message.body);
    }
}

/// Whether the file there has to be copied or continued. A file that a command here changed (pack, redact) stays as it
/// is until it changes there too.
bool Pull::isWanted(const StoreFile& file) const {
    const auto here = storeFile(m_project, file.path);
    const auto known = m_state.files.find(file.path);
    if (!here) return true;
    // Marks that were made here are nobody else's to replace.
    if (known == m_state.files.end()) return !file.path.starts_with("annotations/");
    const PulledFile& pulled = known->second;
    const bool sameThere = pulled.identity == file.identity && pulled.bytes == file.bytes;
    const bool changedHere = pulled.here != here->identity;
    return !(sameThere && (changedHere || here->bytes == file.bytes));
}

void Pull::ask(const StoreFile& file) {
    const auto here = storeFile(m_project, file.path);
    const auto known = m_state.files.find(file.path);
    const bool continues = here && known != m_state.files.end() && known->second.identity == file.identity &&
                           known->second.here == here->identity && here->bytes <= file.bytes;
    const bool inPlace = growsInPlace(file.path) && (continues || !here);
    const std::uint64_t from = inPlace && here ? here->bytes : 0;
    const fs::path temporary = m_folder.path() / std::to_string(m_files++);
    m_asked.push_back({file, PullSink(m_project.store() / file.path, temporary, inPlace, from)});
    m_link.stream().send(
        {agent_words::kFetch,
         {{"path", file.path}, {"from", std::to_string(from)}, {"identity", std::to_string(file.identity)}},
         ""});
    noteVersion(file);
}

void Pull::noteVersion(const StoreFile& file) {
    if (!file.path.ends_with("/journal")) return;
    const bool known = m_state.files.contains(file.path);
    if (const auto version = runOf(file.path, "versions"))
        (known ? m_report.grownVersions : m_report.newVersions).push_back(*version);
    else if (!known)
        ++m_report.replays;
}

Result<void> Pull::fetchAll(std::vector<StoreFile> files) {
    std::deque<StoreFile> waiting(std::make_move_iterator(files.begin()), std::make_move_iterator(files.end()));
    while (!waiting.empty() || !m_asked.empty()) {
        while (!waiting.empty() && m_asked.size() < kMostAsked) {
            if (isWanted(waiting.front())) ask(waiting.front());
            waiting.pop_front();
        }
        if (m_asked.empty()) continue;
        HINDCAST_ASSIGN(const Message message, receive());
        if (message.kind == agent_words::kGone && message.field("path") == m_asked.front().file.path)
            m_asked.pop_front();
        if (message.kind == agent_words::kFile) HINDCAST_TRY(takePiece(message));
    }
    return {};
}

Result<void> Pull::takePiece(const Message& piece) {
    if (m_asked.empty() || piece.field("path") != m_asked.front().file.path)
        return Error(ErrorCode::Parse, m_options.place.host + " sent a file that was not asked for");
    Asked& asked = m_asked.front();
    HINDCAST_ASSIGN(const bool whole, asked.sink.take(piece));
    m_report.bytes += static_cast<std::int64_t>(piece.body.size());
    const auto here = storeFile(m_project, asked.file.path);
    if (here && (whole || asked.sink.isInPlace())) {
        m_state.files[asked.file.path] = {
            static_cast<std::uint64_t>(std::strtoull(piece.field("identity").c_str(), nullptr, 10)),
            static_cast<std::uint64_t>(piece.number("total")), here->identity};
    }
    if (!whole) return Clock::now() > m_saved + kSaveEvery ? save() : Result<void>();
    ++m_report.files;
    m_asked.pop_front();
    if (m_options.onProgress) m_options.onProgress(m_report.files, m_report.bytes);
    return {};
}

Result<void> Pull::save() {
    m_saved = Clock::now();
    return writePullState(m_project, m_state);
}

Result<Message> Pull::receive() {
    const auto silentAt = Clock::now() + kMostSilence;
    auto sayAt = Clock::now() + kSayAliveEvery;
    for (;;) {
        while (auto message = m_link.stream().take()) {
            if (message->kind != agent_words::kAlive) return *std::move(message);
        }
        if (!m_link.isOpen() || Clock::now() > silentAt) return Error(ErrorCode::Environment, m_link.whyClosed());
        if (m_options.isStopped && m_options.isStopped())
            return Error(ErrorCode::Cancelled, "the pull was stopped; run it again to go on");
        if (Clock::now() > sayAt) {
            sayAt += kSayAliveEvery;
            m_link.stream().send({agent_words::kAlive, {}, ""});
        }
        m_link.stream().pump(kLook);
    }
}

}  // namespace

Result<PullReport> pull(const store::Project& project, const PullOptions& options) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    // Journals that were written anew there replace those here.
    HINDCAST_ASSIGN(const store::Lease lease, store::Lease::take(project, "pull"));
    HINDCAST_ASSIGN(store::ScratchFolder folder, store::ScratchFolder::make(project.scratch(), "pull-"));
    PullOptions asked = options;
    if (const auto before = pulledFrom(project, options.place.host); before && asked.place.program.empty())
        asked.place.program = before->program;
    HINDCAST_ASSIGN(PullState state, readPullState(project, asked.place));
    HINDCAST_ASSIGN(SshLink link, SshLink::start(asked.place, folder.path() / "ssh"));
    return Pull(project, asked, std::move(folder), std::move(link), std::move(state)).run();
}

}  // namespace hindcast::replay
