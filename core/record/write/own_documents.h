// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The few documents that the recorder writes by itself; the others come from its client as text. So the module that
// lives in training processes needs no JSON library.

namespace hindcast::record {

/// `text` as a JSON string with its quotes.
std::string jsonText(std::string_view text);

/// END of a recording that switched itself off.
std::string incompleteEnd(std::string_view reason);

/// NOTE "hazard": a tensor changed although no write to it was counted; captures older than `until` (micros since 1970)
/// may hold it as it was before.
std::string silentWriteNote(std::string_view key, std::int64_t until);

/// NOTE "skip": a capture that was not taken.
std::string skipNote(int point, std::string_view loop, std::int64_t index, std::string_view reason, std::size_t bytes);

}  // namespace hindcast::record
