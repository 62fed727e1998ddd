// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/tree_sender.h"

#include "core/base/file.h"
#include "core/replay/remote/agent.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::Result;

Result<void> sendTree(const fs::path& tree, const std::string& id, MessageStream& stream) {
    std::error_code problem;
    for (auto at = fs::recursive_directory_iterator(tree, problem);
         !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        std::error_code ignored;
        Message message{agent_words::kTree, {{"id", id}, {"path", at->path().lexically_relative(tree).string()}}, ""};
        if (at->is_symlink(ignored)) {
            message.fields["mode"] = "link";
            message.body = fs::read_symlink(at->path(), ignored).string();
        } else if (at->is_regular_file(ignored)) {
            HINDCAST_ASSIGN(message.body, base::readTextFile(at->path()));
            const bool runs = (at->status(ignored).permissions() & fs::perms::owner_exec) != fs::perms::none;
            message.fields["mode"] = runs ? "executable" : "plain";
        } else {
            continue;
        }
        stream.send(message);
    }
    if (problem) return Error::fromErrno(problem.value(), "cannot read the version's source at " + tree.string());
    return {};
}

}  // namespace hindcast::replay
