// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::store {

/// The right to change what is stored already: pack, gc, retain, rm, redact, import and repair hold it, one at a time.
/// Whoever reads everything and must not have it move away (fsck, a bundle's export) shares it. Recorders, ingest and
/// replays never need it: what they read is found again where it was moved to. Held by an advisory lock, so that it
/// ends with its process; the file says who has it.
class Lease {
public:
    /// `what` is the verb, for others to read. Busy after `wait` with a sentence that says who holds it; Refused in a
    /// read-only store.
    static base::Result<Lease> take(const Project& project, const std::string& what,
                                    std::chrono::milliseconds wait = std::chrono::seconds(10));
    /// Shared. Works in a read-only store, where nobody can change anything: then nothing is locked.
    static base::Result<Lease> share(const Project& project, std::chrono::milliseconds wait = std::chrono::seconds(10));

    /// Grows whenever a lease is taken: an index that saw this number while nobody held the lease knows every change. 0
    /// where nobody ever took one.
    static std::int64_t generation(const Project& project);
    /// Whether somebody, this process included, holds it alone now.
    static bool isTaken(const Project& project);

private:
    explicit Lease(std::optional<base::File> file) : m_file(std::move(file)) {}

    std::optional<base::File> m_file;
};

}  // namespace hindcast::store
