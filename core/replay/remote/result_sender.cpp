// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/result_sender.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/replay/remote/file_transfer.h"

namespace hindcast::replay {

bool ResultSender::send(MessageStream& stream) {
    bool all = true;
    std::vector<StoreFile> files = storeFiles(m_project, m_folder);
    // run.json first: without it the journal belongs to nothing.
    std::stable_partition(files.begin(), files.end(),
                          [](const StoreFile& file) { return file.path.ends_with(".json"); });
    for (const StoreFile& file : files) all = sendFile(file, stream) && all;
    return all;
}

bool ResultSender::sendFile(const StoreFile& file, MessageStream& stream) {
    Sent& sent = m_sent[file.path];
    // Also an empty file is one.
    bool isNew = sent.identity != file.identity || file.bytes < sent.bytes;
    if (isNew) sent = {file.identity, 0};
    for (; isNew || sent.bytes < file.bytes; isNew = false) {
        if (stream.unsent() > kMostUnsentBytes) return false;
        const auto message = fileMessage(m_project, file, sent.bytes);
        if (!message) return true;  // removed meanwhile: nothing is left to send
        stream.send(*message);
        sent.bytes += message->body.size();
    }
    return true;
}

}  // namespace hindcast::replay
