// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/label_layout.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace hindcast::chart {

namespace {

/// A stack of labels that touch each other; it stands where the mean of their wishes is.
struct Block {
    double start = 0.0;  ///< centre of its first label
    double wish = 0.0;   ///< sum of (wanted - offset in the block)
    int count = 0;
};

}  // namespace

std::vector<double> placeLabels(const std::vector<WantedLabel>& wanted, double top, double bottom, double pitch) {
    std::vector<double> result(wanted.size(), std::numeric_limits<double>::quiet_NaN());
    const auto room = static_cast<std::size_t>(std::max(0.0, (bottom - top) / pitch) + 1.0);
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return wanted[a].priority > wanted[b].priority; });
    if (order.size() > room) order.resize(room);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return wanted[a].y < wanted[b].y; });

    std::vector<Block> blocks;
    for (const std::size_t index : order) {
        const double y = std::clamp(wanted[index].y, top, bottom);
        blocks.push_back({y, y, 1});
        while (blocks.size() > 1) {
            Block& upper = blocks[blocks.size() - 2];
            const Block& lower = blocks.back();
            if (lower.start - (upper.start + (upper.count - 1) * pitch) >= pitch) break;
            upper.wish += lower.wish - lower.count * upper.count * pitch;
            upper.count += lower.count;
            const double highest = std::max(top, bottom - (upper.count - 1) * pitch);
            upper.start = std::clamp(upper.wish / upper.count, top, highest);
            blocks.pop_back();
        }
    }
    std::size_t next = 0;
    for (const Block& block : blocks)
        for (int i = 0; i < block.count; ++i) result[order[next++]] = block.start + i * pitch;
    return result;
}

}  // namespace hindcast::chart
