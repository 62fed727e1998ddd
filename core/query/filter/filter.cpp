// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/filter.h"

#include <algorithm>
#include <set>

#include "core/query/pivot/pivot_reader.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

struct Filter::Impl {
    store::Project project;
    std::string text;
    std::vector<std::string> probed;
    std::vector<std::string> names;
    std::vector<std::string> loops;
    mutable std::optional<Expression> expression;  ///< absent: always matches

    bool isProbed(const std::string& name) const {
        return std::any_of(probed.begin(), probed.end(),
                           [&](const std::string& pattern) { return fitsPattern(name, pattern); });
    }
    Result<Judged> judgeVersion(const base::Uuid& version, const std::optional<OuterLoop>& loop) const;
};

/// The rows that the expression sees, with passes of `loop`, or of every outermost loop the version entered.
Result<Judged> Filter::Impl::judgeVersion(const base::Uuid& uuid, const std::optional<OuterLoop>& loop) const {
    HINDCAST_ASSIGN(const Facts facts, Facts::open(project));
    HINDCAST_ASSIGN(const auto versions, chosenVersions(facts, std::vector<base::Uuid>{uuid}));
    const VersionFact& version = versions.front();
    HINDCAST_ASSIGN(const auto reader, VersionReader::open(project, facts, names));
    HINDCAST_ASSIGN(VersionValues values, reader->read(version, {}));
    // What this replay will produce is unknown by its name below; other probes change nothing.
    values.replayable.assign(names.size(), false);

    std::vector<bool> producible;
    for (std::size_t i = 0; i < names.size(); ++i) {
        producible.push_back(isProbed(names[i]) && !reader->recorded(version, i) && values.arguments[i] == nullptr);
    }
    std::vector<OuterLoop> outer;
    if (loop) {
        outer.push_back(*loop);
    } else {
        HINDCAST_ASSIGN(outer, facts.outerLoops(version.id));
    }
    std::vector<store::ValueSeries> passes;
    HINDCAST_ASSIGN(std::set<std::string> laterLoops, facts.loopsOf(version.id));
    for (const OuterLoop& one : outer) {
        passes.push_back(passesOf(one.loop, one.lastIndex));
        laterLoops.erase(one.loop);
    }
    return judge(*expression, values, names, passes, producible, laterLoops);
}

Filter::Filter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

Result<Filter> Filter::parse(const store::Project& project, const std::string& expression,
                             const std::vector<std::string>& probed) {
    auto impl = std::make_unique<Impl>(Impl{project, expression, probed, {}, {}, std::nullopt});
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
    HINDCAST_ASSIGN(const Judged judged, m_impl->judgeVersion(version, std::nullopt));
    return judged.any();
}

Result<std::vector<std::int64_t>> Filter::matchingOuterIterations(const base::Uuid& version, const std::string& loop,
                                                                  std::int64_t count) const {
    std::set<std::int64_t> matching;
    if (empty()) {
        for (std::int64_t pass = 0; pass < count; ++pass) matching.insert(pass);
    } else {
        HINDCAST_ASSIGN(const Judged judged, m_impl->judgeVersion(version, OuterLoop{loop, count - 1}));
        std::size_t at = 0;
        for (const AlignedBlock& block : judged.rows.blocks) {
            const bool inside = !block.loops.empty() && block.loops.front() == loop;
            for (std::size_t row = 0; row < block.keys.count; ++row, ++at) {
                if (!judged.counts[at] || !inside || block.keys.depthAt(row) == 0) continue;
                const std::int64_t pass = block.keys.index[0][row];
                if (pass >= 0 && pass < count) matching.insert(pass);
            }
        }
    }
    return std::vector<std::int64_t>(matching.begin(), matching.end());
}

}  // namespace hindcast::query
