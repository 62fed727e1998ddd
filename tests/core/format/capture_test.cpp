// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/capture.h"

#include <gtest/gtest.h>

#include "core/format/run_info.h"

namespace hindcast::format {
namespace {

CaptureRecord example() {
    CaptureRecord capture;
    capture.point = CapturePoint::Exit;
    capture.how = LeaveReason::Break;
    capture.stamp = 1'700'000'000'000'000;
    capture.coordinates = {{"epoch", 1, 4}, {"step", 0, -1}};
    capture.passes = 17;
    TensorRecord stored{"model/conv/weight", DType::F32, TensorState::Stored, {300, 0x1234, 2}, kChunkBytes + 4,
                        digest128({}),       {}};
    stored.chunks = {{0, 40}, {kPackBit | 7, 1ULL << 33}};
    capture.tensors.push_back(stored);
    capture.tensors.push_back({"empty", DType::BF16, TensorState::Stored, {0, 3}, 0, digest128({}), {}});
    capture.tensors.push_back({"scalar", DType::I64, TensorState::DigestOnly, {}, 8, digest128({}), {}});
    capture.meta = base::Bytes(100, std::byte{0xA0});
    return capture;
}

TEST(Capture, RoundTrips) {
    const CaptureRecord capture = example();
    const auto read = decodeCapture(encodeCapture(capture));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, capture);
}

TEST(Capture, CutOrLongerRecordsAreDamaged) {
    base::Bytes bytes = encodeCapture(example());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_EQ(decodeCapture(base::BytesView(bytes).first(length)).error().code(), base::ErrorCode::Damaged)
            << length;
    }
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(decodeCapture(bytes));
}

TEST(Capture, ReservedFlagsAreRefusedAndUnusedOnesIgnored) {
    base::Bytes bytes = encodeCapture(example());
    bytes[3] |= std::byte{0x80};
    EXPECT_TRUE(decodeCapture(bytes));
    bytes[3] |= std::byte{0x02};
    EXPECT_FALSE(decodeCapture(bytes));
    bytes[3] = std::byte{1};
    bytes[0] = std::byte{2};
    EXPECT_EQ(decodeCapture(bytes).error().code(), base::ErrorCode::NewerFormat);
}

TEST(RunInfo, EveryFieldRoundTrips) {
    RunInfo run;
    run.kind = "replay";
    run.uuid = "0190a7b2-1234-7abc-8def-000000000001";
    run.startedMicros = 1'700'000'000'123'456;
    run.project = "/home/ü/project";
    run.script = "train.py";
    run.folder = "/home/ü";
    run.argv = {"train.py", "--x", ""};
    run.arguments = {{"lr", "0.1"}};
    run.interpreter = {"/usr/bin/python3", "3.11.2", "CPython", "/usr"};
    run.environment = {{"OMP_NUM_THREADS", "2"}};
    run.packages = {{"torch", "1.13.0"}};
    run.host = {"box", "Linux 6.1", "x86_64", "a cpu", 2, 1LL << 34};
    run.git = GitInfo{"abc", "main", true, "git@example.org:x.git"};
    run.job = JobInfo{"123_4", 1, 8};
    run.hashSeed = {"0", -42};
    run.pid = 99;
    run.bootId = "boot";
    run.replay = ReplayInfo{"0190a7b2-1234-7abc-8def-000000000002",     "deep", "epoch", 2, 5,
                            {{"p1", 3, "gn", "00ff", "log(\"gn\", g)"}}};
    const auto read = parseRunInfo(writeRunInfo(run));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(writeRunInfo(*read), writeRunInfo(run));
    EXPECT_EQ(read->replay->probes.at(0).text, "log(\"gn\", g)");
    EXPECT_EQ(read->hashSeed.set, "0");
    EXPECT_EQ(read->git->dirty, true);
    EXPECT_NE(writeRunInfo(run).find("\"started\": \"2023-11-14T22:13:20.123456Z\""), std::string::npos);
}

TEST(RunInfo, WhatIsAbsentKeepsItsDefaultAndWhatIsUnknownIsIgnored) {
    const auto read = parseRunInfo(
        R"({"format": 1, "uuid": "u", "git": null, "job": null, "hashSeed": {"set": null}, "future": [1, 2]})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, "version");
    EXPECT_FALSE(read->git);
    EXPECT_FALSE(read->hashSeed.set);
    EXPECT_FALSE(read->replay);
}

TEST(RunInfo, NewerAndBrokenDocumentsAreToldApart) {
    EXPECT_EQ(parseRunInfo(R"({"format": 2})").error().code(), base::ErrorCode::NewerFormat);
    for (const char* text : {"", "[]", "{", R"({"uuid": 5})", R"({"argv": "x"})", R"({"arguments": {"a": 1}})",
                             R"({"git": 7})", R"({"host": {"cores": "2"}})"}) {
        EXPECT_EQ(parseRunInfo(text).error().code(), base::ErrorCode::Damaged) << text;
    }
}

}  // namespace
}  // namespace hindcast::format
