// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/run_folder.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/exchange/wire/texts.h"
#include "core/format/digest.h"
#include "core/format/events/event_encoder.h"
#include "core/format/journal/frame.h"
#include "core/store/catalog/catalog_rows.h"

namespace hindcast::exchange {

using base::Bytes;
using base::Result;
using format::EventEncoder;
using format::FrameKind;
using format::NameRef;
using nlohmann::json;

namespace {

/// Frames of a journal one behind the other.
class JournalBytes {
public:
    JournalBytes(const base::Uuid& uuid, std::int64_t started) {
        m_bytes = format::encodeJournalHeader({format::JournalType::Journal, uuid, started});
    }

    Result<void> append(FrameKind kind, Bytes payload, std::int64_t stamp) {
        if (kind != FrameKind::Note) m_content.update(payload);
        format::Frame frame;
        frame.kind = kind;
        frame.sequence = m_frames++;
        frame.stamp = stamp;
        frame.payload = std::move(payload);
        return format::encodeFrame(frame, kind != FrameKind::Events, m_bytes);
    }
    Result<void> appendJson(FrameKind kind, const json& document, std::int64_t stamp) {
        const std::string text = document.dump(-1, ' ', false, json::error_handler_t::replace);
        const base::BytesView view = base::bytesOf(text);
        return append(kind, Bytes(view.begin(), view.end()), stamp);
    }
    Bytes sealed() {
        const Bytes seal = format::encodeSeal(m_frames);
        m_bytes.insert(m_bytes.end(), seal.begin(), seal.end());
        return std::move(m_bytes);
    }
    /// Of values, loops and how the run ended: not of where it was read from.
    format::Digest content() const { return m_content.digest(); }

private:
    Bytes m_bytes;
    std::uint32_t m_frames = 0;
    format::DigestStream m_content;
};

/// Walks the passes of a run from the outside in and writes its values as events.
class EventWriter {
public:
    EventWriter(const ImportedRun& run, JournalBytes& journal)
        : m_run(run), m_journal(journal), m_now(run.startedMicros) {}

    Result<void> write() {
        for (const auto& [name, value] : m_run.arguments()) {
            m_events.markArgument();
            // Behind the names of values: encoders keep a table by id.
            put({static_cast<std::uint32_t>(m_run.names().size() + m_argument++), name}, value);
        }
        sortPasses();
        sortValues();
        HINDCAST_TRY(writePass(kOutside));
        return flush(0);
    }

private:
    void sortPasses() {
        m_order.resize(m_run.passes().size() - 1);
        std::iota(m_order.begin(), m_order.end(), PassId{1});
        const auto& passes = m_run.passes();
        std::sort(m_order.begin(), m_order.end(), [&passes](PassId a, PassId b) {
            const auto& first = passes[a];
            const auto& second = passes[b];
            return std::tie(first.parent, first.loop, first.index) < std::tie(second.parent, second.loop, second.index);
        });
        m_childrenFrom.assign(passes.size() + 1, 0);
        for (const PassId pass : m_order) ++m_childrenFrom[passes[pass].parent + std::size_t{1}];
        std::partial_sum(m_childrenFrom.begin(), m_childrenFrom.end(), m_childrenFrom.begin());
    }

    /// Values by pass, those of one pass as they came.
    void sortValues() {
        const auto& values = m_run.values();
        m_valuesFrom.assign(m_run.passes().size() + 1, 0);
        for (const auto& value : values) ++m_valuesFrom[value.pass + std::size_t{1}];
        std::partial_sum(m_valuesFrom.begin(), m_valuesFrom.end(), m_valuesFrom.begin());
        std::vector<std::size_t> next(m_valuesFrom.begin(), m_valuesFrom.end() - 1);
        m_valueOrder.resize(values.size());
        for (std::size_t i = 0; i < values.size(); ++i) m_valueOrder[next[values[i].pass]++] = i;
    }

    /// Recursion ends at ImportedRun::kMostLevels.
    Result<void> writePass(PassId id) {
        for (std::size_t i = m_valuesFrom[id]; i < m_valuesFrom[id + 1]; ++i) {
            const auto& logged = m_run.values()[m_valueOrder[i]];
            put({logged.name, m_run.names()[logged.name]}, logged.value);
            HINDCAST_TRY(flush(kBlockBytes));
        }
        const auto& passes = m_run.passes();
        std::uint32_t open = kNoLoop;
        for (std::size_t i = m_childrenFrom[id]; i < m_childrenFrom[id + 1]; ++i) {
            const auto& pass = passes[m_order[i]];
            m_now = std::max(m_now, pass.micros);
            if (pass.loop != open) {
                if (open != kNoLoop) m_events.leave(format::LeaveReason::Exhausted, m_now);
                open = pass.loop;
                m_events.enter({open, m_run.loops()[open]}, 0, m_now);
            }
            m_events.nextAt(pass.index, m_now);
            if (!pass.label.empty()) m_events.label(pass.label);
            HINDCAST_TRY(writePass(m_order[i]));
        }
        if (open != kNoLoop) m_events.leave(format::LeaveReason::Exhausted, m_now);
        return {};
    }

    void put(NameRef name, const format::Value& value) {
        if (const auto* number = std::get_if<double>(&value))
            m_events.number(name, *number, m_now);
        else if (const auto* integer = std::get_if<std::int64_t>(&value))
            m_events.integer(name, *integer, m_now);
        else if (const auto* flag = std::get_if<bool>(&value))
            m_events.boolean(name, *flag, m_now);
        else if (const auto* text = std::get_if<std::string>(&value))
            m_events.text(name, wellFormed(*text), m_now);
        else if (const auto* big = std::get_if<format::BigInteger>(&value))
            m_events.bigInteger(name, big->digits, m_now);
        else if (const auto* rich = std::get_if<format::RichValue>(&value))
            m_events.rich(name, rich->cbor, m_now);
        else
            m_events.none(name, m_now);
    }

    Result<void> flush(std::size_t above) {
        if (m_events.empty() || m_events.rawBytes() < above) return {};
        return m_journal.append(FrameKind::Events, m_events.finish(), m_now);
    }

    static constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
    static constexpr std::uint32_t kNoLoop = std::numeric_limits<std::uint32_t>::max();

    const ImportedRun& m_run;
    JournalBytes& m_journal;
    EventEncoder m_events{0};
    std::int64_t m_now;
    std::size_t m_argument = 0;
    std::vector<PassId> m_order;              ///< by parent, then loop, then index
    std::vector<std::size_t> m_childrenFrom;  ///< by pass: where its passes begin in m_order
    std::vector<std::size_t> m_valueOrder;
    std::vector<std::size_t> m_valuesFrom;
};

format::RunInfo infoOf(const ImportedRun& run, const base::Uuid& uuid) {
    format::RunInfo info;
    info.uuid = uuid.text();
    info.startedMicros = run.startedMicros;
    info.project = wellFormed(run.source);
    info.folder = info.project;
    info.script = wellFormed(run.script);
    for (const std::string& word : run.argv) info.argv.push_back(wellFormed(word));
    info.host.name = wellFormed(run.host);
    if (!run.gitHead.empty()) info.git = format::GitInfo{wellFormed(run.gitHead), "", false, wellFormed(run.gitRemote)};
    if (run.deployedOf) {
        info.kind = "replay";
        info.replay = format::ReplayInfo{run.deployedOf->text(), std::string(store::kImportMode), "", -1, -1, {}};
    }
    format::ImportInfo& imported = info.imported.emplace();
    imported.kind = run.kind;
    imported.source = info.project;
    imported.run = wellFormed(run.run);
    imported.key = format::digest128(base::bytesOf(run.kind + "\n" + run.identity)).hex();
    imported.values = static_cast<std::int64_t>(run.valueCount());
    return info;
}

}  // namespace

base::Uuid uuidOf(const ImportedRun& run) {
    base::Uuid uuid;
    uuid.bytes = format::digest128(base::bytesOf(run.kind + "\n" + run.identity)).bytes;
    const std::uint64_t millis =
        run.startedMicros > 0 ? static_cast<std::uint64_t>(run.startedMicros) / 1000 : run.place;
    for (std::size_t i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x70);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

Result<RunFolder> encodeRun(const ImportedRun& run, const base::Uuid& uuid) {
    RunFolder folder{infoOf(run, uuid), {}};
    JournalBytes journal(uuid, run.startedMicros);
    HINDCAST_TRY(EventWriter(run, journal).write());
    const std::int64_t ended = std::max(run.endedMicros, run.startedMicros);
    HINDCAST_TRY(journal.appendJson(FrameKind::Note,
                                    {{"note", "imported"},
                                     {"kind", run.kind},
                                     {"source", folder.info.imported->source},
                                     {"run", folder.info.imported->run},
                                     {"remarks", run.allRemarks()}},
                                    ended));
    const bool complete = run.incomplete.empty();
    json end{{"status", complete ? "complete" : "incomplete"}, {"reason", wellFormed(run.incomplete)}};
    end["exception"] = run.exception.empty() ? json(nullptr) : json(wellFormed(run.exception));
    end["exit"] = "";
    end["counters"] = json::object();
    HINDCAST_TRY(journal.appendJson(FrameKind::End, end, ended));
    folder.info.imported->content = journal.content().hex();
    folder.journal = journal.sealed();
    return folder;
}

}  // namespace hindcast::exchange
