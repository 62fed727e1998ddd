// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <variant>

#include "core/base/bytes.h"

namespace hindcast::record {

/// Values whose place in the log is known before they are: they are still on their way from a device. A log keeps their
/// place (ThreadLog::deferred); what was logged behind it waits in memory until the value is settled. Any thread.
class DeferredValues {
public:
    /// What became of it; empty: it will never be known, and its place is left out. Bytes are a rich value's CBOR.
    using Value = std::variant<std::monostate, double, std::int64_t, bool, base::Bytes>;

    /// The ticket of one more value to come.
    std::uint64_t open();
    /// The first call for a ticket counts.
    void provide(std::uint64_t ticket, Value value);
    /// Settles all that are open, without values: nothing may wait for them any longer.
    void abandon();
    /// Takes the value out when it is settled; nothing while it is not.
    std::optional<Value> take(std::uint64_t ticket);

private:
    std::mutex m_mutex;
    std::uint64_t m_tickets = 0;
    std::map<std::uint64_t, std::optional<Value>> m_values;
};

}  // namespace hindcast::record
