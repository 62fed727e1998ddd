// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "core/base/file.h"
#include "core/format/journal/frame.h"

namespace hindcast::format {

/// A journal that nobody writes any more, written anew beside itself: the same frames with the same numbers, kinds and
/// stamps, some with another payload, and the seal when there was one. Until commit() the old journal is untouched;
/// then it is replaced by one rename, so that a crash leaves the old or the new one whole. Readers that have the old
/// file open go on reading it. A torn tail, which a crash leaves, is left behind.
class JournalRewrite {
public:
    /// The new payload of a frame, or nothing when it stays as it is.
    using Change = std::function<base::Result<std::optional<base::Bytes>>(const Frame&)>;

    /// Writes and syncs the new file. Busy when a writer holds the journal; Damaged when frames go on behind unreadable
    /// bytes: they would be lost, so the journal must be repaired first. Cost: reads and writes the journal once, in
    /// pieces.
    static base::Result<JournalRewrite> prepare(const std::filesystem::path& journal, const Change& change);

    JournalRewrite(JournalRewrite&& other) noexcept;
    JournalRewrite& operator=(JournalRewrite&&) = delete;
    /// Removes what was not committed.
    ~JournalRewrite();

    /// Whether any frame changed. Otherwise there is nothing to commit.
    bool changed() const { return m_changed; }
    /// Puts the new file in the place of the old one and syncs the folder.
    base::Result<void> commit();

private:
    JournalRewrite(base::File old, std::filesystem::path journal, std::filesystem::path fresh)
        : m_old(std::move(old)), m_journal(std::move(journal)), m_fresh(std::move(fresh)) {}
    base::Result<void> copy(const Change& change);

    base::File m_old;  ///< locked while this lives, so that two cannot rewrite at once
    std::filesystem::path m_journal;
    std::filesystem::path m_fresh;  ///< "" once it is committed or handed on
    bool m_changed = false;
};

/// The name that prepare() gives the new file begins with this; one that is found was left by a crash.
inline constexpr std::string_view kRewritePrefix = "journal.new-";

}  // namespace hindcast::format
