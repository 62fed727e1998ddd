// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/exchange/imported_run.h"
#include "core/exchange/run_folder.h"
#include "core/format/events/event_cursor.h"
#include "core/format/journal/frame.h"

namespace hindcast::exchange {

using format::RecordedValue;
using format::Value;

namespace {

PassId must(base::Result<PassId> pass) {
    EXPECT_TRUE(pass.has_value());
    return pass ? *pass : kOutside;
}

std::vector<RecordedValue> valuesOf(const RunFolder& folder) {
    std::vector<RecordedValue> values;
    base::BytesView rest = base::BytesView(folder.journal).subspan(format::kFileHeaderBytes);
    format::Frame frame;
    for (std::size_t need = 0; format::parseFrame(rest, 0, frame, need) == format::FrameParse::Whole;) {
        if (frame.kind == format::FrameKind::Events) {
            const auto block = format::decodeValues(frame.payload);
            EXPECT_TRUE(block.has_value());
            if (block) values.insert(values.end(), block->begin(), block->end());
        }
        rest = rest.subspan(frame.storedBytes);
    }
    EXPECT_EQ(rest.size(), format::kSealBytes);
    return values;
}

ImportedRun sample() {
    ImportedRun run;
    run.kind = "test";
    run.identity = "one";
    run.addArgument("lr", 0.5);
    // Not in the order of the passes, and one of them twice.
    for (const std::int64_t epoch : {2, 0, 2}) {
        const PassId outer = must(run.pass(kOutside, "epoch", epoch, 1'000'000 * (epoch + 1)));
        const PassId inner = must(run.pass(outer, "step", 7, 0, "item"));
        run.log(inner, "loss", static_cast<double>(epoch));
        run.log(outer, "acc", epoch);
    }
    return run;
}

}  // namespace

TEST(ImportedRun, StandsInTheOrderOfItsPassesWithOrdinals) {
    const ImportedRun run = sample();
    const auto folder = encodeRun(run, uuidOf(run));
    ASSERT_TRUE(folder.has_value());
    const auto values = valuesOf(*folder);
    ASSERT_EQ(values.size(), 7U);
    EXPECT_TRUE(values[0].isArgument);
    EXPECT_EQ(values[0].name, "lr");
    std::vector<std::tuple<std::string, std::int64_t, std::size_t, std::uint32_t>> found;
    for (std::size_t i = 1; i < values.size(); ++i)
        found.emplace_back(values[i].name, values[i].coordinates[0].index, values[i].coordinates.size(),
                           values[i].ordinal);
    const decltype(found) expected{{"acc", 0, 1, 0}, {"loss", 0, 2, 0}, {"acc", 2, 1, 0},
                                   {"acc", 2, 1, 1}, {"loss", 2, 2, 0}, {"loss", 2, 2, 1}};
    EXPECT_EQ(found, expected);
    EXPECT_EQ(folder->info.startedMicros, 1'000'000);
}

TEST(ImportedRun, IsTheSameVersionEverywhereAndOtherContentShows) {
    const ImportedRun run = sample();
    ImportedRun grown = sample();
    grown.log(kOutside, "more", std::string("text"));
    EXPECT_EQ(uuidOf(run), uuidOf(grown));
    const auto first = encodeRun(run, uuidOf(run));
    const auto second = encodeRun(grown, uuidOf(grown));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->info.imported->key, second->info.imported->key);
    EXPECT_NE(first->info.imported->content, second->info.imported->content);
    ImportedRun moved = sample();
    moved.source = "/elsewhere";
    const auto third = encodeRun(moved, uuidOf(moved));
    ASSERT_TRUE(third);
    EXPECT_EQ(third->info.imported->content, first->info.imported->content);
}

TEST(ImportedRun, RefusesLoopsWithoutEnd) {
    ImportedRun run;
    PassId at = kOutside;
    for (std::size_t level = 0; level < ImportedRun::kMostLevels; ++level) at = must(run.pass(at, "loop", 0, 0));
    EXPECT_FALSE(run.pass(at, "loop", 0, 0).has_value());
}

}  // namespace hindcast::exchange
