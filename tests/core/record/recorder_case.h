// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/format/events/event_cursor.h"
#include "core/format/version_reader.h"
#include "core/format/version_state.h"
#include "core/record/recorder.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::record {

/// A recorder in a folder of its own, and what can be read there afterwards.
class RecorderTest : public format::FolderTest {
protected:
    std::unique_ptr<Recorder> start(double flushSeconds = 1.0, std::size_t queueBytes = std::size_t{64} << 20) {
        m_version = m_folder / "versions" / base::Uuid::make().text();
        auto recorder = Recorder::create({m_version, R"({"format":1})", flushSeconds, 5.0, queueBytes});
        EXPECT_TRUE(recorder) << recorder.error().text();
        return *std::move(recorder);
    }
    format::VersionReader reader() const {
        auto opened = format::VersionReader::open(m_version);
        EXPECT_TRUE(opened) << opened.error().text();
        return *std::move(opened);
    }
    std::vector<format::RecordedValue> values() const {
        std::vector<format::RecordedValue> all;
        const auto payloads = reader().payloads(format::FrameKind::Events);
        for (const auto& payload : *payloads) {
            auto block = format::decodeValues(payload);
            EXPECT_TRUE(block);
            all.insert(all.end(), block->begin(), block->end());
        }
        return all;
    }
    format::VersionState state() const {
        return format::readVersionStatus(m_version, base::wallClockMicros() + 31'000'000)->state;
    }

    static CaptureRequest request(std::int64_t index, const std::vector<float>& weights, bool store = true) {
        CaptureRequest capture;
        capture.coordinates = {{"epoch", 0, index}};
        capture.tensors.push_back({"w",
                                   format::DType::F32,
                                   {weights.size()},
                                   reinterpret_cast<std::uintptr_t>(weights.data()),
                                   weights.size() * 4,
                                   -1,
                                   0});
        capture.meta = {std::byte{0xA0}};
        capture.storeTensors = store;
        return capture;
    }
    static std::vector<float> weights(std::size_t count, float shift = 0) {
        std::vector<float> values(count);
        unsigned state = 1;
        for (float& value : values) value = static_cast<float>(state = state * 1664525U + 1013904223U) * 1e-11F + shift;
        return values;
    }
    std::vector<float> stored(format::VersionReader& reader, std::size_t capture) const {
        const auto record = reader.capture(capture);
        EXPECT_TRUE(record);
        std::vector<float> out(record->tensors.at(0).rawBytes / 4);
        const auto done = reader.readTensor(record->tensors.at(0), std::as_writable_bytes(std::span(out)));
        EXPECT_TRUE(done) << done.error().text();
        return out;
    }

    std::filesystem::path m_version;
};

inline constexpr const char* kComplete = R"({"status":"complete","reason":""})";

}  // namespace hindcast::record
