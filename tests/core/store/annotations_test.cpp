// SPDX-License-Identifier: Apache-2.0
#include "core/store/annotations/annotations.h"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "core/base/clock.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

using AnnotationsTest = StoreTest;

TEST_F(AnnotationsTest, AreThereForTheNextProcess) {
    const base::Uuid version = base::Uuid::make();
    {
        Annotations notes = must(Annotations::open(project()));
        ASSERT_DONE(notes.claimNumbers({version}));
        ASSERT_DONE(notes.setTag(version, "good", true));
        ASSERT_DONE(notes.setTag(version, "bad", true));
        ASSERT_DONE(notes.setTag(version, "bad", false));
        ASSERT_DONE(notes.setNote(version, "first try\nwith \"quotes\""));
        ASSERT_DONE(notes.setPinned(version, true));
        ASSERT_DONE(notes.setAlias("production", version));
        ASSERT_DONE(notes.allow("replay-without-sandbox"));
    }
    const Annotations notes = must(Annotations::open(project()));
    const VersionMarks* marks = notes.view().marks(version);
    ASSERT_NE(marks, nullptr);
    EXPECT_EQ(marks->number, 1);
    EXPECT_EQ(marks->tags, std::set<std::string>{"good"});
    EXPECT_EQ(marks->note, "first try\nwith \"quotes\"");
    EXPECT_TRUE(marks->pinned);
    EXPECT_EQ(notes.view().aliases.at("production"), version);
    EXPECT_TRUE(notes.view().allowed.contains("replay-without-sandbox"));
}

TEST_F(AnnotationsTest, OfOneUserGoOnInTheSameFile) {
    for (int i = 0; i < 5; ++i) {
        Annotations notes = must(Annotations::open(project()));
        ASSERT_DONE(notes.setNote(base::Uuid::make(), "x"));
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(project().annotations()), {}), 1);
}

TEST_F(AnnotationsTest, OfTwoLivingWritersGoToTwoFilesAndMerge) {
    const base::Uuid version = base::Uuid::make();
    Annotations first = must(Annotations::open(project()));
    ASSERT_DONE(first.setNote(version, "one"));
    Annotations second = must(Annotations::open(project()));
    ASSERT_DONE(second.setNote(version, "two"));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(project().annotations()), {}), 2);
    ASSERT_TRUE(must(first.refresh()));
    EXPECT_EQ(first.view().marks(version)->note, "two");
    ASSERT_FALSE(must(first.refresh()));
}

TEST_F(AnnotationsTest, GiveEachVersionOneNumberAlthoughProcessesRace) {
    constexpr int kProcesses = 6, kVersions = 8;
    std::vector<base::Uuid> versions;
    for (int i = 0; i < kVersions; ++i) versions.push_back(base::Uuid::make());
    for (int process = 0; process < kProcesses; ++process) {
        if (fork() != 0) continue;
        auto notes = Annotations::open(project());
        _exit(notes && notes->claimNumbers(versions) ? 0 : 1);
    }
    for (int process = 0; process < kProcesses; ++process) {
        int status = 0;
        wait(&status);
        EXPECT_EQ(status, 0);
    }
    const Annotations notes = must(Annotations::open(project()));
    std::set<int> numbers;
    for (int i = 0; i < kVersions; ++i)
        EXPECT_EQ(notes.view().marks(versions[static_cast<std::size_t>(i)])->number, i + 1);
    EXPECT_EQ(notes.view().highestNumber, kVersions);
}

/// What two hosts whose locks do not reach each other may write.
TEST_F(AnnotationsTest, SettleANumberThatWasClaimedTwice) {
    const base::Uuid older = *base::Uuid::parse("01900000-0000-7000-8000-000000000001");
    const base::Uuid newer = *base::Uuid::parse("01900000-0000-7000-8000-000000000002");
    for (const base::Uuid& version : {newer, older}) {
        const base::Uuid writer = base::Uuid::make();
        auto file =
            must(format::JournalWriter::create(project().annotations() / writer.text(),
                                               {format::JournalType::Annotations, writer, base::wallClockMicros()}));
        const std::string record =
            R"({"what":"number","at":5,"who":"x@y","version":")" + version.text() + R"(","number":1})";
        must(file.append(format::FrameKind::Annotation, base::bytesOf(record)));
    }
    Annotations notes = must(Annotations::open(project()));
    EXPECT_EQ(notes.view().marks(older)->number, 1);
    const VersionMarks* loser = notes.view().marks(newer);
    EXPECT_TRUE(loser == nullptr || !loser->number);
    ASSERT_DONE(notes.claimNumbers({older, newer}));
    EXPECT_EQ(notes.view().marks(older)->number, 1);
    EXPECT_EQ(notes.view().marks(newer)->number, 2);
}

TEST_F(AnnotationsTest, LoseOneRecordToATornTailAndNoMore) {
    const base::Uuid version = base::Uuid::make();
    {
        Annotations notes = must(Annotations::open(project()));
        ASSERT_DONE(notes.setNote(version, "kept"));
        ASSERT_DONE(notes.setTag(version, "lost", true));
    }
    const auto file = std::filesystem::directory_iterator(project().annotations())->path();
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 3);
    Annotations notes = must(Annotations::open(project()));
    EXPECT_EQ(notes.view().marks(version)->note, "kept");
    ASSERT_DONE(notes.setTag(version, "after", true));
    const Annotations again = must(Annotations::open(project()));
    EXPECT_EQ(again.view().marks(version)->tags, std::set<std::string>{"after"});
}

TEST_F(AnnotationsTest, AfterADamagedRecordAreStillRead) {
    const base::Uuid version = base::Uuid::make();
    {
        Annotations notes = must(Annotations::open(project()));
        ASSERT_DONE(notes.setNote(version, "first"));
        ASSERT_DONE(notes.setTag(version, "second", true));
    }
    const auto file = std::filesystem::directory_iterator(project().annotations())->path();
    std::string bytes = readFile(file);
    bytes[90] = static_cast<char>(bytes[90] ^ 1);  // inside the first record
    writeFile(file, bytes);
    const Annotations notes = must(Annotations::open(project()));
    EXPECT_EQ(notes.view().marks(version)->note, "");
    EXPECT_TRUE(notes.view().marks(version)->tags.contains("second"));
}

TEST_F(AnnotationsTest, RememberProbesWithTheirRevisionsAndDecisions) {
    const base::Uuid v1 = base::Uuid::make(), v2 = base::Uuid::make();
    Annotations notes = must(Annotations::open(project()));
    Probe probe{
        "11111111-1111-4111-8111-111111111111", 1, "grad", "statement", "train.py", 12, "hc.log('grad', g)", "", false};
    ASSERT_DONE(notes.putProbe(probe));
    Probe moved = probe;
    moved.revision = 2;
    moved.line = 14;
    ASSERT_DONE(notes.putProbe(moved));
    PlacementDecision decision{
        probe.id, 1, v1, PlacementDecision::Kind::Edit, "main.py", 3, "hc.log('grad', old_g)", {v2}, "    "};
    ASSERT_DONE(notes.putPlacement(decision));
    const Annotations again = must(Annotations::open(project()));
    ASSERT_NE(again.view().newestProbe(probe.id), nullptr);
    EXPECT_EQ(again.view().newestProbe(probe.id)->line, 14);
    EXPECT_TRUE(again.view().newestProbe(probe.id)->asksTheSame(probe));
    EXPECT_EQ(again.view().placements.at({probe.id, v2}).text, "hc.log('grad', old_g)");
    EXPECT_EQ(again.view().placements.at({probe.id, v2}).indent, "    ");
    decision.kind = PlacementDecision::Kind::Forget;
    ASSERT_DONE(notes.putPlacement(decision));
    EXPECT_TRUE(notes.view().placements.empty());
}

TEST_F(AnnotationsTest, RefuseNamesThatReadAsVersions) {
    Annotations notes = must(Annotations::open(project()));
    for (const char* name : {"v3", "12", "0190abcd", "a,b", "two words", "", "all", "latest"})
        EXPECT_EQ(notes.setTag(base::Uuid::make(), name, true).error().code(), base::ErrorCode::InvalidArgument)
            << name;
    EXPECT_DONE(notes.setTag(base::Uuid::make(), "vgg-baseline", true));
    EXPECT_DONE(notes.setTag(base::Uuid::make(), "faded", true));
}

TEST_F(AnnotationsTest, IgnoreRecordsOfAnotherProgramButKeepThem) {
    const base::Uuid writer = base::Uuid::make();
    {
        auto file =
            must(format::JournalWriter::create(project().annotations() / writer.text(),
                                               {format::JournalType::Annotations, writer, base::wallClockMicros()}));
        for (const char* record :
             {R"({"what":"future","at":1})", R"([1,2])", R"(nonsense)", R"({"what":"tag","version":7})"})
            must(file.append(format::FrameKind::Annotation, base::bytesOf(record)));
    }
    Annotations notes = must(Annotations::open(project()));
    EXPECT_TRUE(notes.view().versions.empty());
    EXPECT_DONE(notes.setNote(base::Uuid::make(), "works"));
}

}  // namespace
}  // namespace hindcast::store
