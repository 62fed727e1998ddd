// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/listing/version_notes.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/replay/interpreter.h"

namespace hindcast::workspace {

using base::Result;
using Json = nlohmann::json;
using Kind = VersionNote::Kind;

namespace {

/// What the recorder's `what` means. %1 is the object, %2 the reason.
struct Sentence {
    std::string_view what;
    Kind kind;
    std::string_view key;
    std::string_view text;
    std::string_view remedy;
};
constexpr std::array kSentences = {
    Sentence{"implicit", Kind::Hint, "implicit", "%1 was captured without being named", ""},
    Sentence{"lazy off", Kind::Hint, "lazy-off", "lazy captures were given up: %2", ""},
    Sentence{"nondeterministic", Kind::Hint, "nondeterministic",
             "kernels of %1 may add in another order each time: values can be numeric instead of exact",
             "call torch.use_deterministic_algorithms(True), or set a tolerance"},
    Sentence{"source changed", Kind::Hazard, "source-changed", "%1 was changed while the run started", ""},
    Sentence{"no source", Kind::Hazard, "no-source", "the source was not stored: %2", ""},
    Sentence{"iterator", Kind::Hazard, "iterator", "%1 cannot be put back: %2",
             "make the iterator inside the loop, or loop over what it is made from"},
    Sentence{"persistent_workers", Kind::Hazard, "persistent-workers",
             "the loader %1 keeps its workers: their random state is not captured",
             "leave persistent_workers out, or seed the workers for each epoch"},
    Sentence{"refused", Kind::Hazard, "refused", "%1 cannot be checkpointed: %2",
             "teach how it is saved with hindcast.register(type, save, load)"},
    Sentence{"uncaptured", Kind::Hint, "uncaptured", "%1 is not captured: %2", ""},
    Sentence{"not recorded", Kind::Hint, "not-recorded", "values named %1 are not recorded: %2", ""},
    Sentence{"slow disk", Kind::Hint, "slow-disk", "the script was slowed down to what the disk takes",
             "log less often, or into a store on a faster disk"},
    Sentence{"sources left out", Kind::Hint, "sources-left-out", "the source was stored without %1", ""},
    Sentence{"child process", Kind::Hazard, "child-process", "it cannot be replayed: %2", ""},
    Sentence{"silent writes", Kind::Hazard, "silent-writes",
             "%1 was written in a way that torch does not count: replays start from the first capture",
             "write tensors in place under torch.no_grad() instead of through .data or shared memory"},
};

std::string field(const Json& note, const char* name) {
    const auto found = note.find(name);
    if (found == note.end()) return "";
    return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string nameOf(const Json& item) {
    return item.is_string() ? item.get<std::string>() : item.is_object() ? field(item, "path") : item.dump();
}

/// What a note speaks of: `object`, or the first of `objects` or `files`.
std::string objectsOf(const Json& note) {
    constexpr std::size_t kNamed = 5;
    const auto list = note.find(note.contains("files") ? "files" : "objects");
    if (list == note.end() || !list->is_array()) return field(note, "object");
    std::string all;
    for (std::size_t at = 0; at < std::min(kNamed, list->size()); ++at)
        all += (at == 0 ? "" : ", ") + nameOf((*list)[at]);
    return list->size() > kNamed ? all + ", …" : all;
}

std::string filled(std::string_view text, const std::vector<std::string>& args) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool place = text[at] == '%' && at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '9';
        const auto number = place ? static_cast<std::size_t>(text[at + 1] - '1') : args.size();
        if (number < args.size()) {
            out += args[number];
            ++at;
        } else {
            out += text[at];
        }
    }
    return out;
}

VersionNote noteOf(const Sentence& sentence, std::vector<std::string> args) {
    VersionNote note{sentence.kind, std::string(sentence.key), std::move(args), "", std::string(sentence.remedy)};
    note.text = filled(sentence.text, note.args);
    return note;
}

std::string percent(double share) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2g %%", 100 * share);
    return text.data();
}

VersionNote costOf(const Json& report) {
    static constexpr Sentence kCost{"", Kind::Cost, "cost", "captures took %1 of the time (budget %2)", ""};
    static constexpr Sentence kThinned{
        "", Kind::Cost, "cost-thinned",
        "captures took %1 of the time (budget %2); %3 without tensors and %4 left out to stay within it", ""};
    const auto number = [&](const char* name) { return report.value(name, 0.0); };
    const auto small = static_cast<long long>(number("smallCaptures"));
    const auto skipped = static_cast<long long>(number("skippedPoints"));
    std::vector<std::string> args{percent(number("share")), percent(number("budget"))};
    if (small == 0 && skipped == 0) return noteOf(kCost, std::move(args));
    args.push_back(std::to_string(small));
    args.push_back(std::to_string(skipped));
    return noteOf(kThinned, std::move(args));
}

/// The notes of one journal, put together.
class Reader {
public:
    void add(const store::NoteRow& row) {
        const Json note = Json::parse(row.json, nullptr, false);
        if (!note.is_object()) return;
        if (row.kind == "overhead") m_cost = costOf(note);
        if (row.kind == "skip") ++m_skipped[field(note, "reason")];
        if (row.kind != "hint" && row.kind != "hazard") return;
        const std::string what = field(note, "what");
        for (const Sentence& sentence : kSentences) {
            if (sentence.what == what) keep(noteOf(sentence, {objectsOf(note), field(note, "reason")}));
        }
    }

    std::vector<VersionNote> take() {
        std::stable_sort(m_notes.begin(), m_notes.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
        for (const auto& [reason, count] : m_skipped) {
            static constexpr Sentence kSkip{"", Kind::Skip, "skip", "%1 captures were not taken: %2", ""};
            m_notes.push_back(noteOf(kSkip, {std::to_string(count), reason}));
        }
        if (m_cost) m_notes.push_back(*m_cost);
        return std::move(m_notes);
    }

private:
    void keep(VersionNote note) {
        const auto same = [&](const VersionNote& other) { return other.text == note.text; };
        if (std::none_of(m_notes.begin(), m_notes.end(), same)) m_notes.push_back(std::move(note));
    }

    std::vector<VersionNote> m_notes;
    std::map<std::string, int> m_skipped;
    std::optional<VersionNote> m_cost;
};

}  // namespace

Result<VersionNotes> readVersionNotes(const StoreHandles& store, const base::Uuid& version) {
    HINDCAST_ASSIGN(const std::vector<store::NoteRow> rows, store.catalog.notes(version));
    Reader reader;
    for (const store::NoteRow& row : rows) reader.add(row);
    VersionNotes notes;
    notes.notes = reader.take();
    HINDCAST_ASSIGN(const replay::RecordedProcess process,
                    replay::readRecordedProcess(store.project.versionFolder(version)));
    notes.hashSeedFixed = !process.hashSeed.empty();
    return notes;
}

}  // namespace hindcast::workspace
