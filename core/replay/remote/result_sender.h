// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/uuid.h"
#include "core/replay/remote/message_stream.h"
#include "core/replay/remote/store_files.h"

namespace hindcast::replay {

/// Sends what a replay writes while it writes it: messages "file" with path, from and the bytes. One replay, one
/// thread.
class ResultSender {
public:
    ResultSender(const store::Project& project, const base::Uuid& replay)
        : m_project(project), m_folder("replays/" + replay.text()) {}

    /// Sends what is new, as far as the stream is not full. True when everything there is was sent.
    bool send(MessageStream& stream);

private:
    struct Sent {
        std::uint64_t identity = 0;
        std::uint64_t bytes = 0;
    };
    bool sendFile(const StoreFile& file, MessageStream& stream);

    const store::Project& m_project;
    std::string m_folder;
    std::map<std::string, Sent> m_sent;
};

}  // namespace hindcast::replay
