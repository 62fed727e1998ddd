// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/alignment.h"

#include <algorithm>
#include <utility>

namespace hindcast::query {

using store::ValueSeries;

namespace {

using RowMap = std::vector<std::int32_t>;

/// All series logged at the same loops, on common rows.
struct Group {
    std::vector<std::string> path;
    RowKeys keys;
    std::vector<AlignedSeries> members;
    std::vector<std::vector<bool>> shown;  ///< [member][row of the group]: stands in a row of some block
};

std::int32_t mapped(const RowMap& map, std::size_t row) {
    return map.empty() ? static_cast<std::int32_t>(row) : map[row];
}

bool sameRows(const RowKeys& keys, const ValueSeries& series) {
    return keys.count == series.count && keys.index == series.index && keys.occurrence == series.occurrence &&
           keys.ordinal == series.ordinal;
}

int compareFully(const RowKeys& a, std::size_t row, const RowKeys& b, std::size_t other) {
    if (const int order = compareRows(a, row, b, other, a.levels()); order != 0) return order;
    const std::int64_t left = a.ordinalAt(row);
    const std::int64_t right = b.ordinalAt(other);
    return left < right ? -1 : left > right ? 1 : 0;
}

/// A series on its way through a merge.
struct Cursor {
    RowKeys keys;
    std::size_t at = 0;
    bool atEnd() const { return at == keys.count; }
};

void appendKey(RowKeys& to, const RowKeys& from, std::size_t row) {
    for (std::size_t level = 0; level < to.levels(); ++level) {
        const bool has = level < from.levels();
        to.index[level].push_back(has ? from.index[level][row] : 0);
        to.occurrence[level].push_back(has ? from.occurrenceAt(level, row) : 0);
    }
    to.ordinal.push_back(from.ordinalAt(row));
    ++to.count;
}

RowKeys emptyKeys(std::size_t levels) {
    RowKeys keys;
    keys.index.resize(levels);
    keys.occurrence.resize(levels);
    return keys;
}

/// Puts a name with one value in a pass into all rows of that pass, when other names have several.
void spreadSingles(Group& group) {
    for (std::size_t from = 0; from < group.keys.count;) {
        std::size_t to = from + 1;
        while (to < group.keys.count && compareRows(group.keys, from, group.keys, to, group.keys.levels()) == 0) ++to;
        if (to - from > 1) {
            for (AlignedSeries& member : group.members) {
                std::int32_t single = -1;
                int values = 0;
                for (std::size_t row = from; row < to; ++row) {
                    if (member.rows[row] < 0) continue;
                    single = member.rows[row];
                    ++values;
                }
                if (values == 1)
                    std::fill_n(member.rows.begin() + static_cast<std::ptrdiff_t>(from), to - from, single);
            }
        }
        from = to;
    }
}

/// Rows of a group whose series have different coordinates: a merge of sorted lists.
void mergeMembers(Group& group) {
    std::vector<Cursor> cursors;
    for (AlignedSeries& member : group.members) {
        cursors.push_back({keysOf(*member.asked.series)});
        member.rows.clear();
    }
    group.keys = emptyKeys(group.path.size());
    for (;;) {
        const Cursor* least = nullptr;
        for (const Cursor& cursor : cursors) {
            if (cursor.atEnd()) continue;
            if (least == nullptr || compareFully(cursor.keys, cursor.at, least->keys, least->at) < 0) least = &cursor;
        }
        if (least == nullptr) break;
        appendKey(group.keys, least->keys, least->at);
        const std::size_t made = group.keys.count - 1;
        for (std::size_t i = 0; i < cursors.size(); ++i) {
            Cursor& cursor = cursors[i];
            const bool here = !cursor.atEnd() && compareFully(cursor.keys, cursor.at, group.keys, made) == 0;
            group.members[i].rows.push_back(here ? static_cast<std::int32_t>(cursor.at) : -1);
            if (here) ++cursor.at;
        }
    }
    spreadSingles(group);
}

std::vector<Group> groupsOf(const std::vector<AskedSeries>& asked) {
    std::vector<Group> groups;
    for (const AskedSeries& one : asked) {
        if (one.series->count == 0) continue;
        auto group =
            std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.path == one.series->loops; });
        if (group == groups.end()) group = groups.insert(groups.end(), Group{one.series->loops, {}, {}, {}});
        group->members.push_back({one, {}});
    }
    for (Group& group : groups) {
        const ValueSeries& first = *group.members.front().asked.series;
        group.keys = keysOf(first);
        const bool same = std::all_of(group.members.begin(), group.members.end(), [&](const AlignedSeries& member) {
            return &first == member.asked.series || sameRows(group.keys, *member.asked.series);
        });
        // Threads may have logged several values at one place.
        if (!same || !first.thread.empty()) mergeMembers(group);
        group.shown.assign(group.members.size(), std::vector<bool>(group.keys.count, false));
    }
    return groups;
}

bool encloses(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
    return outer.size() < inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

/// One block on its way: its rows, and for each group of its chain where that group's rows are.
class BlockBuilder {
public:
    /// Takes the group's keys: no other block reads those of a group that encloses none.
    explicit BlockBuilder(Group& deepest) : m_keys(std::move(deepest.keys)) { m_chain.push_back({&deepest, {}}); }

    /// Joins a coarser group. `last`: no further block can show what stays unshown.
    void join(Group& outer, bool last) {
        RowMap map = enclosingRows(m_keys, outer.keys);
        markShown(outer, map);
        m_chain.push_back({&outer, std::move(map)});
        if (last) insertRows(outer, unshownRows(outer));
    }

    AlignedBlock finish() {
        AlignedBlock block;
        block.loops = m_chain.front().group->path;
        for (const Link& link : m_chain) {
            for (const AlignedSeries& member : link.group->members) {
                block.series.push_back({member.asked, composed(member.rows, link.map)});
            }
        }
        block.keys = std::move(m_keys);
        return block;
    }

private:
    struct Link {
        Group* group;
        RowMap map;  ///< row of the group for each row of the block; empty: the same
    };

    RowMap composed(const RowMap& series, const RowMap& group) const {
        if (group.empty()) return series;
        if (series.empty()) return group;
        RowMap out(group.size());
        for (std::size_t row = 0; row < group.size(); ++row) {
            out[row] = group[row] < 0 ? -1 : series[static_cast<std::size_t>(group[row])];
        }
        return out;
    }

    bool hasDeeper(std::size_t column, std::size_t row) const {
        for (const Link& link : m_chain) {
            const std::int32_t groupRow = mapped(link.map, row);
            if (groupRow < 0) continue;
            for (const AlignedSeries& member : link.group->members) {
                if (member.asked.column == column && member.at(static_cast<std::size_t>(groupRow)) >= 0) return true;
            }
        }
        return false;
    }

    void markShown(Group& outer, const RowMap& map) const {
        for (std::size_t i = 0; i < outer.members.size(); ++i) {
            const std::size_t column = outer.members[i].asked.column;
            const bool alone = std::none_of(m_chain.begin(), m_chain.end(), [&](const Link& link) {
                return std::any_of(link.group->members.begin(), link.group->members.end(),
                                   [&](const AlignedSeries& member) { return member.asked.column == column; });
            });
            for (std::size_t row = 0; row < map.size(); ++row) {
                if (map[row] < 0) continue;
                // A series that only contributes rows is satisfied by any row below it.
                if (alone || column == kNoColumn || !hasDeeper(column, row)) {
                    outer.shown[i][static_cast<std::size_t>(map[row])] = true;
                }
            }
        }
    }

    static std::vector<std::size_t> unshownRows(const Group& outer) {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < outer.keys.count; ++row) {
            for (std::size_t i = 0; i < outer.members.size(); ++i) {
                if (outer.members[i].at(row) >= 0 && !outer.shown[i][row]) {
                    rows.push_back(row);
                    break;
                }
            }
        }
        return rows;
    }

    /// Rows of a coarser group come before the rows below them. The group is the last of the chain.
    void insertRows(const Group& outer, const std::vector<std::size_t>& inserted) {
        if (inserted.empty()) return;
        const std::size_t levels = outer.keys.levels();
        RowKeys keys = emptyKeys(m_keys.levels());
        std::vector<RowMap> maps(m_chain.size());
        const auto take = [&](const RowKeys& from, std::size_t row, std::size_t depth, const auto& mapAt) {
            appendKey(keys, from, row);
            keys.depth.push_back(static_cast<std::uint32_t>(depth));
            for (std::size_t link = 0; link < m_chain.size(); ++link) maps[link].push_back(mapAt(link));
        };
        std::size_t next = 0;
        const auto takeInserted = [&] {
            const std::size_t row = inserted[next++];
            take(outer.keys, row, levels,
                 [&](std::size_t link) { return link + 1 == m_chain.size() ? static_cast<std::int32_t>(row) : -1; });
        };
        for (std::size_t row = 0; row < m_keys.count; ++row) {
            while (next < inserted.size() && compareRows(outer.keys, inserted[next], m_keys, row, levels) <= 0)
                takeInserted();
            take(m_keys, row, m_keys.depthAt(row), [&](std::size_t link) { return mapped(m_chain[link].map, row); });
        }
        while (next < inserted.size()) takeInserted();
        m_keys = std::move(keys);
        for (std::size_t link = 0; link < m_chain.size(); ++link) m_chain[link].map = std::move(maps[link]);
    }

    RowKeys m_keys;
    std::vector<Link> m_chain;
};

}  // namespace

int compareRows(const RowKeys& a, std::size_t row, const RowKeys& b, std::size_t other, std::size_t levels) {
    for (std::size_t level = 0; level < levels; ++level) {
        const std::int64_t entryA = a.occurrenceAt(level, row);
        const std::int64_t entryB = b.occurrenceAt(level, other);
        if (entryA != entryB) return entryA < entryB ? -1 : 1;
        const std::int64_t indexA = a.index[level][row];
        const std::int64_t indexB = b.index[level][other];
        if (indexA != indexB) return indexA < indexB ? -1 : 1;
    }
    return 0;
}

RowKeys keysOf(const ValueSeries& series) {
    RowKeys keys;
    keys.count = series.count;
    keys.index = series.index;
    keys.occurrence = series.occurrence;
    keys.occurrence.resize(series.index.size());
    keys.ordinal = series.ordinal;
    return keys;
}

std::vector<std::int32_t> enclosingRows(const RowKeys& rows, const RowKeys& outer) {
    std::vector<std::int32_t> map(rows.count, -1);
    std::size_t at = 0;
    for (std::size_t row = 0; row < rows.count; ++row) {
        if (row > 0 && compareRows(rows, row - 1, rows, row, outer.levels()) == 0) {
            map[row] = map[row - 1];
            continue;
        }
        while (at < outer.count && compareRows(outer, at, rows, row, outer.levels()) < 0) ++at;
        std::size_t to = at;
        while (to < outer.count && compareRows(outer, to, rows, row, outer.levels()) == 0) ++to;
        if (to > at) {
            at = to - 1;
            map[row] = static_cast<std::int32_t>(at);
        }
    }
    return map;
}

std::vector<AlignedBlock> align(const std::vector<AskedSeries>& asked) {
    std::vector<Group> groups = groupsOf(asked);
    std::vector<Group*> deepest;
    for (Group& group : groups) {
        const bool innermost =
            std::none_of(groups.begin(), groups.end(), [&](const Group& g) { return encloses(group.path, g.path); });
        if (innermost) deepest.push_back(&group);
    }
    std::vector<AlignedBlock> blocks;
    for (std::size_t i = 0; i < deepest.size(); ++i) {
        std::vector<Group*> chain;
        for (Group& group : groups) {
            if (encloses(group.path, deepest[i]->path)) chain.push_back(&group);
        }
        std::sort(chain.begin(), chain.end(),
                  [](const Group* a, const Group* b) { return a->path.size() > b->path.size(); });
        BlockBuilder builder(*deepest[i]);
        for (Group* outer : chain) {
            const bool last = std::none_of(deepest.begin() + static_cast<std::ptrdiff_t>(i) + 1, deepest.end(),
                                           [&](const Group* g) { return encloses(outer->path, g->path); });
            builder.join(*outer, last);
        }
        blocks.push_back(builder.finish());
    }
    return blocks;
}

}  // namespace hindcast::query
