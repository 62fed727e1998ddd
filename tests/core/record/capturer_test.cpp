// SPDX-License-Identifier: Apache-2.0
// What a capture copies, when it copies it, and what it leaves out because nothing wrote to it.
#include "core/record/capture/capturer.h"

#include <cstring>

#include "tests/core/record/recorder_case.h"

namespace hindcast::record {
namespace {

class CapturerTest : public RecorderTest {
protected:
    CaptureRequest counted(std::int64_t index, std::uint64_t content, bool store = true) const {
        CaptureRequest capture = request(index, m_weights, store);
        capture.tensors[0].content = content;
        return capture;
    }
    CaptureRequest lazily(std::int64_t index) const {
        CaptureRequest capture = request(index, m_weights);
        capture.tensors[0].lazy = true;
        return capture;
    }
    std::string notes() const {
        std::string all;
        const auto payloads = reader().payloads(format::FrameKind::Note);
        for (const auto& note : *payloads) all += base::textOf(note);
        return all;
    }

    std::vector<float> m_weights = weights(300'000);
};

TEST_F(CapturerTest, ATensorThatNobodyWroteToIsReferredToNotCopied) {
    auto recorder = start();
    recorder->capture(counted(0, 7));
    recorder->capture(counted(1, 7));
    EXPECT_EQ(recorder->stats().bytesReused, m_weights.size() * 4);
    const auto first = m_weights;
    m_weights[5] += 1;
    recorder->capture(counted(2, 8));
    recorder->capture(counted(3, 8, false));
    recorder->close(kComplete);
    auto version = reader();
    ASSERT_EQ(version.captures().size(), 4U);
    EXPECT_EQ(stored(version, 0), first);
    EXPECT_EQ(stored(version, 1), first);
    EXPECT_EQ(stored(version, 2), m_weights);
    EXPECT_EQ(version.capture(3)->tensors[0].digest, version.capture(2)->tensors[0].digest);
    EXPECT_EQ(version.capture(3)->tensors[0].state, format::TensorState::DigestOnly);
}

TEST_F(CapturerTest, ATensorWithoutStoredBytesIsCopiedWhenItIsToBeStored) {
    auto recorder = start();
    recorder->capture(counted(0, 7, false));
    recorder->capture(counted(1, 7, true));
    EXPECT_EQ(recorder->stats().bytesReused, 0U);
    recorder->close(kComplete);
    auto version = reader();
    EXPECT_EQ(stored(version, 1), m_weights);
}

TEST_F(CapturerTest, AnUncountedWriteOfWholeTensorsIsSeenAtOnce) {
    auto recorder = start();
    recorder->capture(counted(0, 7));
    for (float& value : m_weights) value += 1;
    recorder->capture(counted(1, 7));
    recorder->close(kComplete);
    auto version = reader();
    EXPECT_EQ(stored(version, 1), m_weights);
}

TEST_F(CapturerTest, AnUncountedWriteOfOneNumberIsFoundOutBeforeTheEndAndEndsTheTrust) {
    auto recorder = start();
    recorder->capture(counted(0, 7));
    std::size_t hidden = 0;
    const auto before = sampleOf(reinterpret_cast<const std::byte*>(m_weights.data()), m_weights.size() * 4, 7);
    const auto sample = [&] {
        return sampleOf(reinterpret_cast<const std::byte*>(m_weights.data()), m_weights.size() * 4, 7);
    };
    for (m_weights[hidden] += 1; sample() != before; m_weights[++hidden] += 1) m_weights[hidden] -= 1;
    recorder->capture(counted(1, 7));
    auto last = counted(2, 7);
    last.point = format::CapturePoint::End;
    recorder->capture(std::move(last));
    recorder->flush(false);
    EXPECT_NE(notes().find("silent writes"), std::string::npos);
    const auto reused = recorder->stats().bytesReused;
    recorder->capture(counted(3, 7));
    EXPECT_EQ(recorder->stats().bytesReused, reused);
    recorder->close(kComplete);
    auto version = reader();
    EXPECT_EQ(stored(version, 2), m_weights);
    EXPECT_EQ(stored(version, 3), m_weights);
}

TEST_F(CapturerTest, EveryEighthCaptureCopiesAllTheSame) {
    auto recorder = start();
    for (int i = 0; i < 9; ++i) recorder->capture(counted(i, 7));
    EXPECT_EQ(recorder->stats().bytesReused, 7 * m_weights.size() * 4);
}

TEST_F(CapturerTest, ALazyCaptureHoldsWhatWasThereWhenItWasSettled) {
    auto recorder = start();
    const auto first = m_weights;
    EXPECT_EQ(recorder->capture(lazily(0)), 0);
    EXPECT_TRUE(recorder->settle(true));
    for (float& value : m_weights) value *= 2;
    EXPECT_EQ(recorder->capture(lazily(1)), 1);
    recorder->close(kComplete);
    auto version = reader();
    ASSERT_EQ(version.captures().size(), 2U);
    EXPECT_EQ(stored(version, 0), first);
    EXPECT_EQ(stored(version, 1), m_weights);
}

TEST_F(CapturerTest, ALazyTensorThatChangedTooEarlyGivesTheCaptureUp) {
    auto recorder = start();
    recorder->capture(lazily(0));
    for (float& value : m_weights) value *= 2;
    EXPECT_FALSE(recorder->settle(true));
    recorder->capture(lazily(1));
    EXPECT_FALSE(recorder->settle(false)) << "the caller knows of a write";
    recorder->capture(lazily(2));
    recorder->close(kComplete);
    EXPECT_EQ(recorder->stats().capturesSkipped, 2U);
    auto version = reader();
    ASSERT_EQ(version.captures().size(), 1U);
    EXPECT_EQ(stored(version, 0), m_weights);
    EXPECT_NE(notes().find("changed while it was copied"), std::string::npos);
}

TEST_F(CapturerTest, WhatOnlyACaptureThatWasGivenUpHeldIsCopiedAgain) {
    auto recorder = start();
    auto first = lazily(0);
    auto other = counted(0, 7).tensors[0];
    other.key = "other";
    first.tensors.push_back(other);
    auto second = first;
    recorder->capture(std::move(first));
    EXPECT_FALSE(recorder->settle(false));
    recorder->capture(std::move(second));
    recorder->close(kComplete);
    auto version = reader();
    ASSERT_EQ(version.captures().size(), 1U);
    EXPECT_EQ(version.capture(0)->tensors[1].digest, version.capture(0)->tensors[0].digest);
}

TEST_F(CapturerTest, MemoryGrowsForAStateThatNeedsMore) {
    auto recorder = start(1.0, 0);
    const std::vector<float> large(150'000'000, 1.5F);
    EXPECT_EQ(recorder->capture(request(0, large, false)), 0);
    recorder->close(kComplete);
    EXPECT_GT(recorder->stats().queuePeak, std::size_t{512} << 20);
}

}  // namespace
}  // namespace hindcast::record
