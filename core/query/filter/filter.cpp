// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/filter.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/query/pivot/passes.h"
#include "core/query/pivot/pivot_reader.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// The store as a filter reads it, and of which state: whoever asks for many versions opens it once.
struct Opened {
    explicit Opened(Facts opened) : facts(std::move(opened)) {}
    Facts facts;
    std::int64_t tick = 0;
    std::map<base::Uuid, VersionFact> versions;
    std::unique_ptr<VersionReader> reader;

    Result<VersionFact> version(const base::Uuid& uuid) const {
        const auto found = versions.find(uuid);
        if (found == versions.end()) return Error(ErrorCode::NotFound, "There is no version " + uuid.text());
        return found->second;
    }
};

}  // namespace

struct Filter::Impl {
    store::Project project;
    std::string text;
    std::vector<std::string> probed;
    std::vector<std::string> names;
    std::vector<std::string> loops;
    mutable std::optional<Expression> expression;  ///< absent: always matches
    mutable std::unique_ptr<Opened> opened;

    bool isProbed(const std::string& name) const {
        return std::any_of(probed.begin(), probed.end(),
                           [&](const std::string& pattern) { return fitsPattern(name, pattern); });
    }
    Result<const Opened*> open() const;
    Result<bool> argumentsMatch(const base::Uuid& uuid) const;
    Result<Judged> judgeVersion(const base::Uuid& version, const std::optional<OuterLoop>& asked) const;
    Result<std::vector<store::ValueSeries>> passesOf(const Facts& facts, const VersionReader& reader,
                                                     const VersionFact& version,
                                                     const std::optional<OuterLoop>& asked) const;
};

Result<const Opened*> Filter::Impl::open() const {
    if (opened) {
        HINDCAST_ASSIGN(const std::int64_t tick, opened->facts.tick());
        if (tick == opened->tick) return opened.get();
    }
    HINDCAST_ASSIGN(Facts facts, Facts::open(project));
    auto made = std::make_unique<Opened>(std::move(facts));
    HINDCAST_ASSIGN(made->tick, made->facts.tick());
    HINDCAST_ASSIGN(const auto versions, made->facts.versions());
    for (const VersionFact& version : versions) made->versions.emplace(version.uuid, version);
    HINDCAST_ASSIGN(made->reader, VersionReader::open(project, made->facts, names));
    opened = std::move(made);
    return opened.get();
}

/// Passes of the asked loop, or of every outermost loop that the version entered.
Result<std::vector<store::ValueSeries>> Filter::Impl::passesOf(const Facts& facts, const VersionReader& reader,
                                                               const VersionFact& version,
                                                               const std::optional<OuterLoop>& asked) const {
    HINDCAST_ASSIGN(const auto outer, facts.outerLoops(version.id));
    std::vector<store::ValueSeries> series;
    bool known = false;
    for (const OuterLoop& loop : outer) {
        if (asked && loop.loop != asked->loop) continue;
        HINDCAST_ASSIGN(auto passes, outerPasses(facts, reader, version, loop));
        // Where passes may be left out, all that a replay could run are looked at, as long as memory allows.
        constexpr std::int64_t kMostGuessed = std::int64_t{1} << 26;
        if (!passes.areAll && asked && asked->lastIndex < kMostGuessed) continue;
        known = true;
        series.push_back(std::move(passes.series));
    }
    if (asked && !known) series.push_back(firstPasses(asked->loop, asked->lastIndex + 1));
    return series;
}

/// False when the version and its arguments alone rule it out: then no value is read.
Result<bool> Filter::Impl::argumentsMatch(const base::Uuid& uuid) const {
    HINDCAST_ASSIGN(const Opened* store, open());
    HINDCAST_ASSIGN(const VersionFact version, store->version(uuid));
    return argumentsAllow(*expression, store->reader->outline(version), names);
}

/// The rows that the expression sees.
Result<Judged> Filter::Impl::judgeVersion(const base::Uuid& uuid, const std::optional<OuterLoop>& asked) const {
    HINDCAST_ASSIGN(const Opened* store, open());
    const VersionReader& reader = *store->reader;
    HINDCAST_ASSIGN(const VersionFact version, store->version(uuid));
    HINDCAST_ASSIGN(VersionValues values, reader.read(version, {.labels = readsLabels(*expression)}));
    // What this replay will produce is unknown by its name below; other probes change nothing.
    values.replayable.assign(names.size(), false);

    std::vector<bool> producible;
    for (std::size_t i = 0; i < names.size(); ++i) {
        producible.push_back(isProbed(names[i]) && !reader.recorded(version, i) && values.arguments[i] == nullptr);
    }
    HINDCAST_ASSIGN(const auto passes, passesOf(store->facts, reader, version, asked));
    HINDCAST_ASSIGN(std::set<std::string> laterLoops, store->facts.loopsOf(version.id));
    for (const store::ValueSeries& one : passes) laterLoops.erase(one.loops.front());
    return judge(*expression, values, names, passes, producible, laterLoops);
}

Filter::Filter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

Result<Filter> Filter::parse(const store::Project& project, const std::string& expression,
                             const std::vector<std::string>& probed) {
    auto impl = std::make_unique<Impl>(Impl{project, expression, probed, {}, {}, std::nullopt, nullptr});
    if (expression.find_first_not_of(" \t\r\n") == std::string::npos) return Filter(std::move(impl));
    HINDCAST_ASSIGN(const Facts facts, Facts::open(project));
    std::vector<std::string> further;
    std::copy_if(probed.begin(), probed.end(), std::back_inserter(further),
                 [](const std::string& name) { return name.find('*') == std::string::npos; });
    HINDCAST_ASSIGN(const Vocabulary vocabulary, vocabularyOf(facts, further));
    HINDCAST_ASSIGN(impl->expression, Expression::parse(expression, vocabulary));
    impl->names = namesRead(*impl->expression);
    impl->loops = loopsRead(*impl->expression);
    return Filter(std::move(impl));
}

const std::string& Filter::text() const {
    return m_impl->text;
}
bool Filter::empty() const {
    return !m_impl->expression;
}
const std::vector<std::string>& Filter::names() const {
    return m_impl->names;
}
const std::vector<std::string>& Filter::loops() const {
    return m_impl->loops;
}

Result<bool> Filter::mayMatchVersion(const base::Uuid& version) const {
    if (empty()) return true;
    HINDCAST_ASSIGN(const bool allowed, m_impl->argumentsMatch(version));
    if (!allowed) return false;
    HINDCAST_ASSIGN(const Judged judged, m_impl->judgeVersion(version, std::nullopt));
    return judged.any();
}

/// Passes 0…count-1 of `loop` in which a row counts.
static std::vector<std::int64_t> matchingPasses(const Judged& judged, const std::string& loop, std::int64_t count) {
    std::set<std::int64_t> matching;
    std::size_t at = 0;
    for (const AlignedBlock& block : judged.rows.blocks) {
        const bool inside = !block.loops.empty() && block.loops.front() == loop;
        for (std::size_t row = 0; row < block.keys.count; ++row, ++at) {
            if (!judged.counts[at] || !inside || block.keys.depthAt(row) == 0) continue;
            const std::int64_t pass = block.keys.index[0][row];
            if (pass >= 0 && pass < count) matching.insert(pass);
        }
    }
    return {matching.begin(), matching.end()};
}

Result<std::vector<std::int64_t>> Filter::matchingOuterIterations(const base::Uuid& version, const std::string& loop,
                                                                  std::int64_t count) const {
    if (empty()) return firstPasses(loop, count).index[0];
    HINDCAST_ASSIGN(const Judged judged, m_impl->judgeVersion(version, OuterLoop{loop, count - 1}));
    return matchingPasses(judged, loop, count);
}

Result<std::vector<std::int64_t>> Filter::matchingInnerPasses(const base::Uuid& uuid, const std::string& loop,
                                                              std::int64_t count) const {
    std::vector<store::ValueSeries> passes{firstPasses(loop, count)};
    if (empty()) return passes.front().index[0];
    HINDCAST_ASSIGN(const Opened* store, m_impl->open());
    HINDCAST_ASSIGN(const VersionFact version, store->version(uuid));
    const VersionValues known = store->reader->outline(version);
    std::vector<bool> open;
    for (const Column* argument : known.arguments) open.push_back(argument == nullptr);
    HINDCAST_ASSIGN(const std::set<std::string> loops, store->facts.loopsOf(version.id));
    HINDCAST_ASSIGN(const Judged judged, judge(*m_impl->expression, known, m_impl->names, passes, open, loops));
    return matchingPasses(judged, loop, count);
}

}  // namespace hindcast::query
