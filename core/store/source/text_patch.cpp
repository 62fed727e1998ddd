// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/text_patch.h"

#include <git2.h>

#include <memory>

#include "core/store/source/git_repository.h"

namespace hindcast::store {

using base::Result;

namespace {

using GitPatch = std::unique_ptr<git_patch, GitFree<git_patch_free>>;

/// A buffer that libgit2 fills.
class GitText {
public:
    GitText() = default;
    GitText(const GitText&) = delete;
    GitText& operator=(const GitText&) = delete;
    ~GitText() { git_buf_dispose(&m_buffer); }
    git_buf* get() { return &m_buffer; }
    std::string_view view() const { return {m_buffer.ptr, m_buffer.size}; }

private:
    git_buf m_buffer = GIT_BUF_INIT;
};

/// libgit2's own header names one path and says "diff --git": the lines from the first change on are what is wanted.
std::string_view withoutHeader(std::string_view text) {
    const std::size_t first = text.find("\n@@ ");
    return first == std::string_view::npos ? std::string_view() : text.substr(first + 1);
}

}  // namespace

Result<TextPatch> patchBetween(const std::optional<std::string_view>& oldText,
                               const std::optional<std::string_view>& newText, const std::string& before,
                               const std::string& after) {
    startGitLibrary();
    const std::string_view from = oldText.value_or("");
    const std::string_view to = newText.value_or("");
    git_patch* raw = nullptr;
    int code = git_patch_from_buffers(&raw, oldText ? from.data() : nullptr, from.size(), "file",
                                      newText ? to.data() : nullptr, to.size(), "file", nullptr);
    if (code != 0) return gitError(code, "cannot compare " + before + " with " + after);
    const GitPatch patch(raw);
    TextPatch out;
    code = git_patch_line_stats(nullptr, &out.added, &out.removed, patch.get());
    if (code != 0) return gitError(code, "cannot compare " + before + " with " + after);
    if ((git_patch_get_delta(patch.get())->flags & GIT_DIFF_FLAG_BINARY) != 0) {
        if (from != to) out.text = "Bytes of " + before + " and " + after + " differ\n";
        return out;
    }
    GitText text;
    code = git_patch_to_buf(text.get(), patch.get());
    if (code != 0) return gitError(code, "cannot compare " + before + " with " + after);
    const std::string_view hunks = withoutHeader(text.view());
    if (hunks.empty() && oldText.has_value() == newText.has_value()) return out;
    out.text = "--- " + (oldText ? before : "/dev/null") + "\n+++ " + (newText ? after : "/dev/null") + "\n";
    out.text += hunks;
    return out;
}

}  // namespace hindcast::store
