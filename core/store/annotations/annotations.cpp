// SPDX-License-Identifier: Apache-2.0
#include "core/store/annotations/annotations.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_writer.h"
#include "core/store/annotations/annotation_merge.h"
#include "core/store/lock_wait.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

std::string userAtHost() {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    const passwd* entry = getpwuid(getuid());
    return (entry != nullptr ? std::string(entry->pw_name) : std::to_string(getuid())) + "@" + host.data();
}

/// Waits for the lock that serialises the giving of numbers.
Result<base::File> lockNumbers(const Project& project) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(base::File file,
                    base::File::open(project.scratch() / "numbers.lock", base::File::Mode::OpenOrCreate));
    HINDCAST_ASSIGN(const bool locked, waitForLock([&file] { return file.tryLock(); }, std::chrono::seconds(20),
                                                   std::chrono::milliseconds(5)));
    if (locked) return file;
    return Error(ErrorCode::Busy, "another process has been numbering versions for 20 s");
}

/// A name that the user may give to versions, so that it can never be taken for a number, a UUID or a list.
Result<void> checkName(const std::string& name) {
    const auto digits = [](std::string_view text) {
        return !text.empty() &&
               std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    };
    const bool number = (name.starts_with('v') && digits(std::string_view(name).substr(1))) || digits(name);
    const bool uuid =
        !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) != 0 &&
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isxdigit(c) != 0 || c == '-'; });
    const bool letters = name.find_first_of(", \t\r\n") == std::string::npos;
    if (name.empty() || number || uuid || !letters || name == "all" || name == "latest")
        return Error(
            ErrorCode::InvalidArgument,
            "'" + name + "' cannot be a tag or alias: it would read as a version, or holds a comma or a space");
    return {};
}

}  // namespace

struct Annotations::Impl {
    explicit Impl(const Project& of) : project(of) {}

    Project project;
    std::string who = userAtHost();
    std::map<std::string, std::uint64_t> positions;  ///< by file name
    std::map<std::string, std::string> owners;       ///< who wrote a file's first record
    AnnotationRecords records;
    AnnotationView view;
    std::optional<format::JournalWriter> writer;

    Result<bool> readFile(const std::string& name);
    void addRecord(const std::string& writerName, const format::Frame& frame);
    Result<void> openWriter();
    Result<void> append(std::vector<json> entries);
};

void Annotations::Impl::addRecord(const std::string& writerName, const format::Frame& frame) {
    json record = json::parse(base::textOf(frame.payload), nullptr, false);
    if (!record.is_object()) return;
    const auto at = record.find("at");
    const std::int64_t when = at != record.end() && at->is_number_integer() ? at->get<std::int64_t>() : frame.stamp;
    if (!owners.contains(writerName)) owners[writerName] = record.value("who", "");
    records[{when, writerName, frame.offset}] = std::move(record);
}

/// Takes in what is new in one file; true when there was something.
Result<bool> Annotations::Impl::readFile(const std::string& name) {
    std::error_code ignored;
    const auto size = fs::file_size(project.annotations() / name, ignored);
    const auto known = positions.find(name);
    if (ignored || (known != positions.end() && size == known->second)) return false;
    auto reader = format::JournalReader::open(project.annotations() / name, format::JournalType::Annotations);
    // Just being made, or damaged: fsck tells.
    if (!reader) return false;
    std::uint64_t offset = known != positions.end() ? known->second : format::JournalReader::start();
    bool found = false;
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader->readFrom(offset));
        for (const format::Frame& frame : batch.frames) {
            if (frame.kind == format::FrameKind::Annotation) addRecord(name, frame);
            found = true;
        }
        offset = batch.next;
        if (batch.stop == format::FrameBatch::Stop::More) continue;
        if (batch.stop != format::FrameBatch::Stop::Torn) break;
        // Damage in the middle costs one record, not all that follow.
        HINDCAST_ASSIGN(const auto further, reader->findFrameFrom(offset));
        if (!further || *further == offset) break;
        offset = *further;
    }
    positions[name] = offset;
    return found;
}

/// Continues this user's file of this host when no other process writes it, so that commands do not leave a file each.
Result<void> Annotations::Impl::openWriter() {
    if (writer) return {};
    if (!project.isWritable())
        return Error(ErrorCode::Refused, "the store in " + project.root().string() + " is read-only");
    HINDCAST_TRY(base::makeFolder(project.annotations()));
    // Locks of network file systems may lie: there every process has a file of its own.
    const bool local = project.indexFolder() == project.store();
    for (const auto& [name, owner] : owners) {
        const auto uuid = base::Uuid::parse(name);
        if (!local || owner != who || !uuid) continue;
        auto opened = format::JournalWriter::openOrCreate(
            project.annotations() / name, {format::JournalType::Annotations, *uuid, base::wallClockMicros()});
        if (!opened) continue;
        writer.emplace(*std::move(opened));
        return {};
    }
    const base::Uuid uuid = base::Uuid::make();
    HINDCAST_ASSIGN(format::JournalWriter created,
                    format::JournalWriter::create(project.annotations() / uuid.text(),
                                                  {format::JournalType::Annotations, uuid, base::wallClockMicros()}));
    HINDCAST_TRY(base::syncFolder(project.annotations()));
    writer.emplace(std::move(created));
    return {};
}

Result<void> Annotations::Impl::append(std::vector<json> entries) {
    HINDCAST_TRY(openWriter());
    // Two records of one process never share a stamp, so that the later one wins whatever the clock does.
    std::int64_t at = base::wallClockMicros();
    if (!records.empty()) at = std::max(at, std::get<0>(records.rbegin()->first) + 1);
    for (json& entry : entries) {
        entry["at"] = at++;
        entry["who"] = who;
        const std::string text = entry.dump(-1, ' ', false, json::error_handler_t::replace);
        HINDCAST_TRY(writer->append(format::FrameKind::Annotation, base::bytesOf(text)));
    }
    return writer->sync();
}

Annotations::Annotations(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Annotations::Annotations(Annotations&&) noexcept = default;
Annotations& Annotations::operator=(Annotations&&) noexcept = default;
Annotations::~Annotations() = default;

Result<Annotations> Annotations::open(const Project& project) {
    Annotations annotations(std::make_unique<Impl>(project));
    HINDCAST_TRY(annotations.refresh());
    return annotations;
}

Result<bool> Annotations::refresh() {
    HINDCAST_ASSIGN(const auto names, base::listFolder(m_impl->project.annotations()));
    bool found = false;
    for (const std::string& name : names) {
        if (!base::Uuid::parse(name)) continue;
        HINDCAST_ASSIGN(const bool more, m_impl->readFile(name));
        found = found || more;
    }
    if (found) m_impl->view = mergeAnnotations(m_impl->records);
    return found;
}

const AnnotationView& Annotations::view() const {
    return m_impl->view;
}

/// Writes records and takes them into the view.
Result<void> Annotations::write(const std::vector<std::string>& recordsAsJson) {
    std::vector<json> entries;
    for (const std::string& text : recordsAsJson) entries.push_back(json::parse(text));
    HINDCAST_TRY(m_impl->append(std::move(entries)));
    HINDCAST_TRY(refresh());
    return {};
}

static std::string asText(const json& record) {
    return record.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<void> Annotations::claimNumbers(const std::vector<base::Uuid>& versions) {
    HINDCAST_ASSIGN(const base::File lock, lockNumbers(m_impl->project));
    HINDCAST_TRY(refresh());
    int next = view().highestNumber + 1;
    std::vector<std::string> claims;
    for (const base::Uuid& version : versions) {
        const VersionMarks* marks = view().marks(version);
        if (marks != nullptr && marks->number) continue;
        claims.push_back(asText({{"what", "number"}, {"version", version.text()}, {"number", next++}}));
    }
    if (claims.empty()) return {};
    return write(claims);
}

Result<void> Annotations::setTag(const base::Uuid& version, const std::string& tag, bool on) {
    HINDCAST_TRY(checkName(tag));
    return write({asText({{"what", on ? "tag" : "untag"}, {"version", version.text()}, {"tag", tag}})});
}

Result<void> Annotations::setNote(const base::Uuid& version, const std::string& text) {
    return write({asText({{"what", "note"}, {"version", version.text()}, {"text", text}})});
}

Result<void> Annotations::setPinned(const base::Uuid& version, bool on) {
    return write({asText({{"what", "pin"}, {"version", version.text()}, {"on", on}})});
}

Result<void> Annotations::setBaseline(const base::Uuid& version, bool on) {
    return write({asText({{"what", "baseline"}, {"version", version.text()}, {"on", on}})});
}

Result<void> Annotations::setAlias(const std::string& name, const std::optional<base::Uuid>& version) {
    HINDCAST_TRY(checkName(name));
    json record = {{"what", "alias"}, {"name", name}, {"version", nullptr}};
    if (version) record["version"] = version->text();
    return write({asText(record)});
}

Result<void> Annotations::addIncident(const Incident& incident) {
    return write({asText({{"what", "incident"},
                          {"version", incident.version.text()},
                          {"loop", incident.loop},
                          {"first", incident.first},
                          {"last", incident.last},
                          {"text", incident.text}})});
}

Result<void> Annotations::setRule(const std::string& id, const std::optional<std::string>& body) {
    json record = {{"what", "rule"}, {"id", id}, {"body", nullptr}};
    if (body) {
        record["body"] = json::parse(*body, nullptr, false);
        if (record["body"].is_discarded())
            return Error(ErrorCode::InvalidArgument, "the body of rule " + id + " is no JSON");
    }
    return write({asText(record)});
}

Result<void> Annotations::putProbe(const Probe& probe) {
    return write({asText(recordOf(probe))});
}
Result<void> Annotations::putPlacement(const PlacementDecision& decision) {
    return write({asText(recordOf(decision))});
}

Result<void> Annotations::supersede(const std::vector<base::Uuid>& replays) {
    json list = json::array();
    for (const base::Uuid& replay : replays) list.push_back(replay.text());
    return write({asText({{"what", "supersede"}, {"replays", list}})});
}

Result<void> Annotations::allow(const std::string& permission, bool on) {
    json record{{"what", "allow"}, {"allow", permission}};
    if (!on) record["on"] = false;
    return write({asText(record)});
}

Result<void> Annotations::noteChange(const StoreChange& change) {
    json list = json::array();
    for (const base::Uuid& version : change.versions) list.push_back(version.text());
    return write({asText({{"what", "change"}, {"verb", change.verb}, {"versions", list}, {"text", change.text}})});
}

static bool names(const json& record, const char* key, const std::set<base::Uuid>& wanted) {
    const auto field = record.find(key);
    if (field == record.end()) return false;
    const auto isWanted = [&wanted](const json& item) {
        const auto uuid = item.is_string() ? base::Uuid::parse(item.get<std::string>()) : std::nullopt;
        return uuid && wanted.contains(*uuid);
    };
    return field->is_array() ? std::any_of(field->begin(), field->end(), isWanted) : isWanted(*field);
}

std::vector<std::string> Annotations::recordsAbout(const std::set<base::Uuid>& versions,
                                                   const std::set<base::Uuid>& replays,
                                                   const std::set<std::string>& probes) const {
    std::set<std::string> wantedProbes = probes;
    const auto isAbout = [&](const json& record) {
        return names(record, "version", versions) || names(record, "versions", versions) ||
               names(record, "sameFor", versions) || names(record, "replays", replays);
    };
    for (const auto& [key, record] : m_impl->records)
        if (record.value("what", "") == "placement" && isAbout(record)) wantedProbes.insert(record.value("probe", ""));
    std::vector<std::string> texts;
    for (const auto& [key, record] : m_impl->records)
        if (isAbout(record) || (record.value("what", "") == "probe" && wantedProbes.contains(record.value("id", ""))))
            texts.push_back(asText(record));
    return texts;
}

Result<void> Annotations::adopt(const std::vector<std::string>& recordsAsJson) {
    HINDCAST_TRY(refresh());
    std::set<std::string> known;
    for (const auto& [key, record] : m_impl->records) known.insert(asText(record));
    HINDCAST_TRY(m_impl->openWriter());
    for (const std::string& text : recordsAsJson)
        if (!known.contains(text))
            HINDCAST_TRY(m_impl->writer->append(format::FrameKind::Annotation, base::bytesOf(text)));
    HINDCAST_TRY(m_impl->writer->sync());
    HINDCAST_TRY(refresh());
    return {};
}

const VersionMarks* AnnotationView::marks(const base::Uuid& version) const {
    const auto it = versions.find(version);
    return it == versions.end() ? nullptr : &it->second;
}

const Probe* AnnotationView::newestProbe(const std::string& id) const {
    const auto it = probes.find(id);
    return it == probes.end() || it->second.empty() ? nullptr : &it->second.back();
}

}  // namespace hindcast::store
