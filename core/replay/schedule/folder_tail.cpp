// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/folder_tail.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/file.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::array<std::pair<Grade, std::string_view>, 5> kGradeNames{{{Grade::Exact, "exact"},
                                                                         {Grade::ExactLogs, "exact-logs"},
                                                                         {Grade::Numeric, "numeric"},
                                                                         {Grade::Unverified, "unverified"},
                                                                         {Grade::Diverged, "diverged"}}};

std::string text(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::int64_t number(const json& object, const char* key, std::int64_t otherwise) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<std::int64_t>() : otherwise;
}

std::string differenceWords(const json& fidelity) {
    const json first = fidelity.value("first", json());
    std::string words;
    if (first.is_object()) {
        words = text(first, "what") + " " + text(first, "name");
        const std::string recorded = text(first, "recorded");
        const std::string replayed = text(first, "replayed");
        if (!recorded.empty() || !replayed.empty()) words += ": recorded " + recorded + ", replayed " + replayed;
    }
    const std::string cause = text(fidelity, "cause");
    if (!cause.empty()) words += (words.empty() ? "" : "; ") + cause;
    return words;
}

IterationReport iterationOf(const json& fidelity) {
    IterationReport report;
    report.loop = text(fidelity, "loop");
    report.occurrence = number(fidelity, "occurrence", 0);
    report.index = number(fidelity, "index", -1);
    report.grade = gradeNamed(text(fidelity, "grade")).value_or(Grade::Unverified);
    report.words = differenceWords(fidelity);
    const json errors = fidelity.value("errors", json::array());
    if (errors.is_array() && !errors.empty() && errors.front().is_object()) {
        report.statementRaised = true;
        report.words = "the statement failed: " + text(errors.front(), "text");
    }
    return report;
}

void takeNote(const json& note, TailReport& report) {
    const std::string kind = text(note, "note");
    if (kind == "progress") {
        const auto seconds = note.find("seconds");
        report.phases.push_back({text(note, "phase"), number(note, "index", -1),
                                 seconds != note.end() && seconds->is_number() ? seconds->get<double>() : 0});
    } else if (kind == "escalate") {
        const std::int64_t latest = number(note, "from", -1);
        report.escalations.push_back({number(note, "first", -1), number(note, "last", -1), text(note, "to"),
                                      text(note, "reason"), latest < 0 ? std::nullopt : std::optional(latest)});
    }
}

/// Values in an EVENTS block, from its head (FORMAT.md section 4).
std::uint32_t valuesIn(base::BytesView block) {
    base::ByteReader head(block);
    head.get<std::uint32_t>();
    return head.get<std::uint32_t>();
}

void takeFrame(const format::Frame& frame, TailReport& report) {
    if (frame.kind == format::FrameKind::Events) report.values += valuesIn(frame.payload);
    const bool wanted = frame.kind == format::FrameKind::Note || frame.kind == format::FrameKind::Fidelity ||
                        frame.kind == format::FrameKind::End;
    if (!wanted) return;
    const std::string_view payload = base::textOf(frame.payload);
    const json document = json::parse(payload, nullptr, false);
    if (!document.is_object()) return;
    if (frame.kind == format::FrameKind::Note) takeNote(document, report);
    if (frame.kind == format::FrameKind::Fidelity) report.iterations.push_back(iterationOf(document));
    if (frame.kind == format::FrameKind::End)
        report.end = EndReport{text(document, "status") == "complete", text(document, "reason")};
}

}  // namespace

std::optional<Grade> gradeNamed(std::string_view name) {
    for (const auto& [grade, word] : kGradeNames) {
        if (word == name) return grade;
    }
    return std::nullopt;
}

Result<TailReport> FolderTail::poll() {
    TailReport report;
    if (!m_reader) {
        std::error_code ignored;
        const fs::path journal = m_folder / "journal";
        if (fs::file_size(journal, ignored) < format::kFileHeaderBytes || ignored) return report;
        HINDCAST_ASSIGN(format::JournalReader reader,
                        format::JournalReader::open(journal, format::JournalType::Journal));
        m_reader.emplace(std::move(reader));
    }
    report.began = true;
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, m_reader->readFrom(m_position));
        for (const format::Frame& frame : batch.frames) takeFrame(frame, report);
        m_position = batch.next;
        if (batch.stop != format::FrameBatch::Stop::More) return report;
    }
}

}  // namespace hindcast::replay
