// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/columns/values.h"
#include "core/store/project.h"

namespace hindcast::store {

/// Reads logged values from the column blocks. One object per thread, while an ingester writes; each scan sees one
/// committed state. Blocks outside the asked range are not read. Cost: about 20 µs a scan, then memory speed.
class ValueReader {
public:
    static base::Result<ValueReader> open(const Project& project);
    ValueReader(ValueReader&&) noexcept;
    ValueReader& operator=(ValueReader&&) noexcept;
    ~ValueReader();

    /// A version or name that has no values is an empty scan. Damaged when a block does not verify (reindex repairs
    /// it).
    base::Result<ValueScan> scan(const base::Uuid& version, const std::string& name,
                                 const ScanOptions& options = {}) const;

    /// Scans of several names as of one committed state: what was taken in together is seen together.
    base::Result<std::vector<ValueScan>> scanTogether(const base::Uuid& version, const std::vector<std::string>& names,
                                                      const ScanOptions& options = {}) const;

    /// What passes were, where it is not their index: one row a pass, a whole number or a text; a series for each loop
    /// path.
    base::Result<ValueScan> labels(const base::Uuid& version, const ScanOptions& options = {}) const;

    /// Smallest and largest number of the name in this version over all sources, from block heads alone; absent when it
    /// has no number.
    struct Range {
        double smallest = 0;
        double largest = 0;
        std::int64_t count = 0;
    };
    base::Result<std::optional<Range>> range(const base::Uuid& version, const std::string& name) const;

private:
    struct Impl;
    explicit ValueReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::store
