// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "core/format/events/event_encoder.h"
#include "core/format/journal/journal_writer.h"
#include "core/format/run_info.h"
#include "core/format/tensors/capture.h"
#include "core/store/project.h"

namespace hindcast::store {

/// Fails the test with the error's text.
#define ASSERT_DONE(expression)                                                            \
    do {                                                                                   \
        const auto outcome = (expression);                                                 \
        ASSERT_TRUE(outcome.has_value()) << #expression << ": " << outcome.error().text(); \
    } while (false)
#define EXPECT_DONE(expression)                                                            \
    do {                                                                                   \
        const auto outcome = (expression);                                                 \
        EXPECT_TRUE(outcome.has_value()) << #expression << ": " << outcome.error().text(); \
    } while (false)

/// The value, or an exception that fails the test with the error's text.
template <class T>
T must(base::Result<T> result) {
    if (!result) throw std::runtime_error(result.error().text());
    return *std::move(result);
}
inline void must(base::Result<void> result) {
    if (!result) throw std::runtime_error(result.error().text());
}

/// Writes one version's or replay's folder through the format library, as a recorder does.
class RunWriter {
public:
    /// A version, or a replay when `replayOf` is given.
    RunWriter(const Project& project, const base::Uuid& uuid,
              const std::optional<format::ReplayInfo>& replayOf = std::nullopt);

    RunWriter& enter(const std::string& loop, std::uint32_t occurrence = 0);
    RunWriter& next();
    RunWriter& leave(format::LeaveReason how = format::LeaveReason::Exhausted);
    RunWriter& number(const std::string& name, double value, int probe = -1);
    RunWriter& integer(const std::string& name, std::int64_t value);
    RunWriter& text(const std::string& name, const std::string& value);
    RunWriter& argument(const std::string& name, double value);
    format::EventEncoder& events() { return m_events; }
    format::NameRef name(const std::string& text);

    /// Writes what was logged as an EVENTS frame.
    RunWriter& flush();
    /// A BOUNDARY capture of one tensor with these bytes; chunks go to segment 0.
    RunWriter& capture(std::int64_t epoch, const std::vector<float>& weights);
    /// BOUNDARY captures 0 … count-1 of chainWeights(), each a difference against the one before.
    RunWriter& captureChain(int count);
    static std::vector<float> chainWeights(int capture);
    RunWriter& json(format::FrameKind kind, const std::string& text);
    RunWriter& fidelity(const std::string& loop, std::int64_t index, const std::string& grade);
    /// END and seal.
    void end(const std::string& status = "complete");
    /// Leaves the journal as a killed process does: unlocked and without a seal.
    void abandon() { m_writer.reset(); }

    const base::Uuid& uuid() const { return m_uuid; }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    std::int64_t now() { return m_now += 1000; }

    base::Uuid m_uuid;
    std::filesystem::path m_folder;
    std::unique_ptr<format::JournalWriter> m_writer;
    format::EventEncoder m_events{0};
    std::map<std::string, std::unique_ptr<std::string>> m_texts;
    std::map<std::string, std::uint32_t> m_ids;
    std::int64_t m_now;
    std::optional<std::uint64_t> m_segment;
    std::uint64_t m_segments = 0;
};

/// A test with a project folder and a store of its own, gone afterwards.
class StoreTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    static void writeFile(const std::filesystem::path& path, const std::string& content);
    static std::string readFile(const std::filesystem::path& path);

    const Project& project() const { return *m_project; }
    std::filesystem::path root() const { return m_folder / "project"; }

    std::filesystem::path m_folder;
    std::optional<Project> m_project;
};

}  // namespace hindcast::store
