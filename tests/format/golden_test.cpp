// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/file.h"
#include "core/format/events/event_cursor.h"
#include "core/format/run_info.h"
#include "core/format/version_reader.h"
#include "core/format/version_state.h"
#include "tests/format/described.h"

// Every program from 1.0 on must read these files. They are never written again: a change that breaks a test here
// breaks the stores of users.

namespace hindcast::format {
namespace {

using nlohmann::json;

const base::fs::path kStore = base::fs::path(GOLDEN_FOLDER) / "v1";

class GoldenStore : public testing::Test {
protected:
    void SetUp() override {
        const auto text = base::readTextFile(kStore / "expected.json");
        ASSERT_TRUE(text) << text.error().text();
        m_expected = json::parse(*text);
        m_folder = kStore / "versions" / m_expected["version"].get<std::string>();
    }
    VersionReader open() const {
        auto reader = VersionReader::open(m_folder);
        EXPECT_TRUE(reader) << reader.error().text();
        return *std::move(reader);
    }

    json m_expected;
    base::fs::path m_folder;
};

TEST_F(GoldenStore, RunJsonSaysWhatWasRun) {
    const auto run = parseRunInfo(*base::readTextFile(m_folder / "run.json"));
    ASSERT_TRUE(run);
    EXPECT_EQ(run->uuid, m_expected["version"]);
    EXPECT_EQ(run->argv, (std::vector<std::string>{"train.py", "--epochs", "2"}));
    EXPECT_EQ(run->job->rank, 1);
    EXPECT_EQ(run->git->dirty, true);
    EXPECT_FALSE(run->hashSeed.set);
    EXPECT_EQ(run->hashSeed.fingerprint, 1234567);
}

TEST_F(GoldenStore, EveryValueIsWhatWasLogged) {
    const auto payloads = open().payloads(FrameKind::Events);
    ASSERT_TRUE(payloads);
    json values = json::array();
    for (const auto& payload : *payloads) {
        const auto block = decodeValues(payload);
        ASSERT_TRUE(block) << block.error().text();
        for (const RecordedValue& value : *block) values.push_back(describe(value));
    }
    EXPECT_EQ(values, m_expected["values"]);
}

TEST_F(GoldenStore, EveryCaptureAndTensorIsWhatWasStored) {
    VersionReader reader = open();
    json captures = json::array();
    for (std::size_t n = 0; n < reader.captures().size(); ++n) {
        const auto capture = reader.capture(n);
        ASSERT_TRUE(capture) << capture.error().text();
        json described = describe(*capture);
        described["tensors"] = json::array();
        for (const TensorRecord& tensor : capture->tensors) {
            base::Bytes raw(tensor.state == TensorState::Stored ? tensor.rawBytes : 0);
            if (tensor.state == TensorState::Stored) {
                const auto done = reader.readTensor(tensor, raw);
                ASSERT_TRUE(done) << done.error().text();
            }
            described["tensors"].push_back(describe(tensor, raw.size() <= 4096 ? hexOf(raw) : ""));
        }
        captures.push_back(std::move(described));
    }
    EXPECT_EQ(captures, m_expected["captures"]);
}

TEST_F(GoldenStore, TheJournalIsSealedAndItsDocumentsAreThere) {
    const VersionReader reader = open();
    const auto batch = reader.journal().readAll();
    EXPECT_EQ(batch->stop, FrameBatch::Stop::Sealed);
    EXPECT_EQ(batch->sealedFrames, m_expected["frames"]);
    EXPECT_EQ(base::textOf(reader.payloads(FrameKind::Note)->at(0)), m_expected["note"].get<std::string>());
    EXPECT_EQ(json::parse(base::textOf(reader.payloads(FrameKind::Fidelity)->at(0)))["grade"], "exact");
    const auto status = readVersionStatus(m_folder, 0);
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, VersionState::Complete);
    EXPECT_EQ(status->exit, "end of script");
}

TEST_F(GoldenStore, SegmentsAnnotationsAndSourcesAreWhole) {
    const auto scan = scanSegment(m_folder / "segments" / "seg-000000");
    ASSERT_TRUE(scan);
    EXPECT_FALSE(scan->torn);
    EXPECT_EQ(std::count_if(scan->entries.begin(), scan->entries.end(), [](const auto& entry) { return entry.intact; }),
              8 + 21);
    const auto names = base::listFolder(kStore / "annotations");
    ASSERT_EQ(names->size(), 1U);
    const auto annotations =
        JournalReader::open(kStore / "annotations" / names->front(), JournalType::Annotations)->readAll();
    ASSERT_EQ(annotations->frames.size(), 1U);
    EXPECT_EQ(json::parse(base::textOf(annotations->frames[0].payload))["what"], "number");
    const auto pack = JournalReader::open(m_folder / "source.pack", JournalType::SourcePack)->readAll();
    EXPECT_EQ(pack->stop, FrameBatch::Stop::Sealed);
    base::ByteReader file(pack->frames.at(0).payload);
    EXPECT_EQ(file.getText(), "pkg/train.py");
    EXPECT_EQ(file.getVarint(), 0100644U);
}

}  // namespace
}  // namespace hindcast::format
