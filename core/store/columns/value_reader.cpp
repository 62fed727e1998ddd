// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/value_reader.h"

#include <algorithm>
#include <map>

#include "core/base/file.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/catalog_schema.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/catalog/row_resolution.h"
#include "core/store/columns/column_writer.h"
#include "core/store/columns/value_block.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct BlockRow {
    std::string loops;  ///< paths.loops
    base::Uuid source;  ///< of a replay; all zero when recorded
    std::int64_t generation = 0;
    std::uint64_t offset = 0;
    std::size_t bytes = 0;
    std::int64_t firstOuter = 0;
    std::int64_t lastOuter = 0;
    std::size_t count = 0;

    bool mayHold(const ScanOptions& options) const {
        return loops.empty() || (lastOuter >= options.firstOuter && firstOuter <= options.lastOuter);
    }
};

/// ?2: the name; or NULL, and ?3 says which number stands for one.
constexpr const char* kBlocksSql =
    "SELECT p.loops, r.uuid, b.generation, b.offset, b.bytes, b.first_outer, b.last_outer, b.count FROM sources s "
    "JOIN blocks b ON b.version = s.id AND b.name = ifnull((SELECT id FROM names WHERE name = ?2), ?3) "
    "JOIN paths p ON p.id = b.path LEFT JOIN sources r ON r.id = b.source WHERE s.uuid = ?1 ORDER BY b.source, b.id";

}  // namespace

struct ValueReader::Impl {
    Impl(const Project& of, Catalog reading, Database connection, Statement select)
        : project(of), catalog(std::move(reading)), database(std::move(connection)), blocks(std::move(select)) {}

    Project project;
    Catalog catalog;
    Database database;
    Statement blocks;
    /// Column files that are open, by version: scans of many names reuse them.
    struct Opened {
        std::int64_t generation = 0;
        base::File file;
    };
    std::map<base::Uuid, Opened> files;
    base::Bytes buffer;

    Result<std::vector<BlockRow>> blocksOf(const base::Uuid& version, const std::optional<std::string>& name);
    Result<base::BytesView> read(const base::Uuid& version, const BlockRow& block);
    Result<ValueScan> scanOnce(const base::Uuid& version, const std::optional<std::string>& name,
                               const ScanOptions& options);
    Result<std::vector<ValueScan>> scanTogether(const base::Uuid& version, const std::vector<std::string>& names,
                                                const ScanOptions& options);
};

ValueReader::ValueReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
ValueReader::ValueReader(ValueReader&&) noexcept = default;
ValueReader& ValueReader::operator=(ValueReader&&) noexcept = default;
ValueReader::~ValueReader() = default;

Result<ValueReader> ValueReader::open(const Project& project) {
    HINDCAST_ASSIGN(Catalog catalog, Catalog::open(project));
    HINDCAST_ASSIGN(Database database, Database::open(project.catalogFile(), Database::Mode::Read));
    HINDCAST_ASSIGN(Statement blocks, database.prepare(kBlocksSql));
    return ValueReader(std::make_unique<Impl>(project, std::move(catalog), std::move(database), std::move(blocks)));
}

Result<std::vector<BlockRow>> ValueReader::Impl::blocksOf(const base::Uuid& version,
                                                          const std::optional<std::string>& name) {
    std::vector<BlockRow> rows;
    blocks.bind(version.text());
    if (name) {
        blocks.bind(*name).bind(-1);
    } else {
        blocks.bindNull().bind(kPassLabels);
    }
    for (;;) {
        HINDCAST_ASSIGN(const bool more, blocks.step());
        if (!more) return rows;
        BlockRow row;
        row.loops = blocks.text(0);
        if (!blocks.isNull(1)) row.source = base::Uuid::parse(blocks.text(1)).value_or(base::Uuid{});
        row.generation = blocks.integer(2);
        row.offset = static_cast<std::uint64_t>(blocks.integer(3));
        row.bytes = static_cast<std::size_t>(blocks.integer(4));
        row.firstOuter = blocks.integer(5);
        row.lastOuter = blocks.integer(6);
        row.count = static_cast<std::size_t>(blocks.integer(7));
        rows.push_back(std::move(row));
    }
}

Result<base::BytesView> ValueReader::Impl::read(const base::Uuid& version, const BlockRow& block) {
    auto found = files.find(version);
    if (found == files.end() || found->second.generation != block.generation) {
        if (found != files.end()) files.erase(found);
        constexpr std::size_t kMostOpen = 256;
        if (files.size() >= kMostOpen) files.clear();
        HINDCAST_ASSIGN(base::File file,
                        base::File::open(columnFilePath(project, version, block.generation), base::File::Mode::Read));
        found = files.emplace(version, Opened{block.generation, std::move(file)}).first;
    }
    if (buffer.size() < block.bytes) buffer.resize(block.bytes);
    const auto part = std::span(buffer).first(block.bytes);
    HINDCAST_TRY(found->second.file.readExactlyAt(block.offset, part));
    return base::BytesView(part);
}

/// The values of a name; without one, the labels of passes.
Result<ValueScan> ValueReader::Impl::scanOnce(const base::Uuid& version, const std::optional<std::string>& name,
                                              const ScanOptions& options) {
    HINDCAST_ASSIGN(const std::vector<BlockRow> rows, blocksOf(version, name));
    ValueScan scan;
    struct Gathered {
        ValueSeries series;
        bool inOrder = true;
    };
    std::map<std::string, Gathered> byPath;
    std::map<std::string, std::size_t> counts;
    for (const BlockRow& block : rows) {
        if (block.mayHold(options)) counts[block.loops] += block.count;
    }
    for (const auto& [path, count] : counts) {
        ValueSeries& series = byPath[path].series;
        series.loops = pathOf(path);
        reserveRows(series, count);
    }
    std::vector<base::Uuid> replays;  // in the order of scan.replays
    for (const BlockRow& block : rows) {
        if (!block.mayHold(options)) continue;
        std::int32_t replay = -1;
        if (block.source != base::Uuid{}) {
            const auto known = std::find(replays.begin(), replays.end(), block.source);
            replay = static_cast<std::int32_t>(known - replays.begin());
            if (known == replays.end()) replays.push_back(block.source);
        }
        auto& [series, inOrder] = byPath[block.loops];
        const std::size_t before = series.count;
        HINDCAST_ASSIGN(const base::BytesView bytes, read(version, block));
        HINDCAST_ASSIGN(const bool follows, appendBlock(bytes, series));
        inOrder = inOrder && follows;
        if (replay >= 0 || !series.replay.empty()) {
            series.replay.resize(before, -1);
            series.replay.resize(series.count, replay);
        }
    }
    HINDCAST_ASSIGN(const ReplayFacts facts, loadReplayFacts(catalog, version, replays));
    scan.replays = facts.replays;
    for (auto& [path, gathered] : byPath) {
        auto& [series, inOrder] = gathered;
        scan.hiddenDiverged += resolveRows(series, inOrder, facts, options);
        if (series.count > 0) scan.series.push_back(std::move(series));
    }
    std::stable_sort(scan.series.begin(), scan.series.end(),
                     [](const ValueSeries& a, const ValueSeries& b) { return a.count > b.count; });
    return scan;
}

Result<std::vector<ValueScan>> ValueReader::Impl::scanTogether(const base::Uuid& version,
                                                               const std::vector<std::string>& names,
                                                               const ScanOptions& options) {
    std::vector<ValueScan> scans;
    HINDCAST_TRY(database.execute("BEGIN"));
    Result<void> outcome;
    for (auto name = names.begin(); outcome && name != names.end(); ++name) {
        auto scan = scanOnce(version, *name, options);
        if (scan) {
            scans.push_back(std::move(*scan));
        } else {
            outcome = scan.error();
        }
    }
    blocks.reset();
    HINDCAST_TRY(database.execute("COMMIT"));
    if (!outcome) return outcome.error();
    return scans;
}

/// Calls until it succeeds: an ingester may have compacted the file between the look-up and the read, and then the
/// look-up is simply too old.
template <class Call>
static auto retried(Call call) {
    constexpr int kTries = 3;
    for (int attempt = 1;; ++attempt) {
        auto result = call();
        if (result || result.error().code() != ErrorCode::NotFound || attempt == kTries) return result;
    }
}

Result<ValueScan> ValueReader::scan(const base::Uuid& version, const std::string& name,
                                    const ScanOptions& options) const {
    return retried([&] { return m_impl->scanOnce(version, name, options); });
}

Result<std::vector<ValueScan>> ValueReader::scanTogether(const base::Uuid& version,
                                                         const std::vector<std::string>& names,
                                                         const ScanOptions& options) const {
    return retried([&] { return m_impl->scanTogether(version, names, options); });
}

Result<ValueScan> ValueReader::labels(const base::Uuid& version, const ScanOptions& options) const {
    return retried([&] { return m_impl->scanOnce(version, std::nullopt, options); });
}

Result<std::optional<ValueReader::Range>> ValueReader::range(const base::Uuid& version, const std::string& name) const {
    HINDCAST_ASSIGN(
        Statement select,
        m_impl->database.prepare(
            "SELECT min(b.smallest), max(b.largest), sum(b.numbers) FROM sources s JOIN names n ON n.name = ?2 "
            "JOIN blocks b ON b.version = s.id AND b.name = n.id WHERE s.uuid = ?1"));
    HINDCAST_ASSIGN(const bool found, select.bind(version.text()).bind(name).step());
    if (!found || select.isNull(0)) return std::optional<Range>();
    return std::optional<Range>(Range{select.number(0), select.number(1), select.integer(2)});
}

}  // namespace hindcast::store
