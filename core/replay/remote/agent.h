// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// Serves one connection: runs units in a local pool of this machine, sends what their replays write while they write
/// it, lists and sends stored files. Ends when the other side closes `in` or is silent for a minute, or when
/// `isStopped` says so; with it every worker ends, with all it started. Takes the descriptors over. At most `workers`
/// units at once share the machine's memory.
base::Result<void> serveAgent(const store::Project& project, int workers, int in, int out,
                              const std::function<bool()>& isStopped);

/// Both sides say that they are alive as often; a line on which nothing came for so long was cut, though nobody said so
/// (ssh itself notices after 15 s as a rule).
inline constexpr std::chrono::seconds kSayAliveEvery{5};
inline constexpr std::chrono::seconds kMostSilence{60};

/// The words of that connection, both ways; fields in parentheses.
///
/// To the agent: `hello` (probe: a path below .hindcast), `tree` (id, path, mode; body: one file of a spliced source),
/// `start` (handle, tree, shared; body: taskJson), `cancel` (handle), `list` (folder), `fetch`
/// (path, from, identity: the rest of a file, from its start where it was written anew), `alive`. From it: the
/// greeting, `hello` (project, sees: whether the probe is there), `file` (path, from, total, identity; body), `ended`
/// (handle; body: endingJson), `listing` (folder; body: listingText), `gone` (path), `alive`.
namespace agent_words {
inline constexpr const char* kHello = "hello";
inline constexpr const char* kTree = "tree";
inline constexpr const char* kStart = "start";
inline constexpr const char* kCancel = "cancel";
inline constexpr const char* kList = "list";
inline constexpr const char* kFetch = "fetch";
inline constexpr const char* kAlive = "alive";
inline constexpr const char* kFile = "file";
inline constexpr const char* kEnded = "ended";
inline constexpr const char* kListing = "listing";
inline constexpr const char* kGone = "gone";
}  // namespace agent_words

}  // namespace hindcast::replay
