// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/annotations/annotations.h"

namespace hindcast::store {

/// Turns what users write into versions: `v7`, a UUID or a prefix of one (4 characters or more), a tag, an alias,
/// `latest`; lists and ranges of them as `v1,v3-v5,production`. An immutable value.
class VersionNames {
public:
    /// `versions` are all versions of the store, oldest first.
    VersionNames(std::vector<base::Uuid> versions, const AnnotationView& annotations);

    /// One version. NotFound names what is unknown; a prefix or tag that fits several is InvalidArgument.
    base::Result<base::Uuid> one(const std::string& name) const;
    /// Each version once, in the order asked for; a tag stands for all that carry it; a range goes by number, gaps left
    /// out.
    /// "" and "all" are every version, oldest first.
    base::Result<std::vector<base::Uuid>> list(const std::string& text) const;
    /// "v7", or the first eight characters of the UUID.
    std::string label(const base::Uuid& version) const;

private:
    base::Result<std::vector<base::Uuid>> several(const std::string& name) const;
    base::Result<std::vector<base::Uuid>> range(const std::string& part) const;

    std::vector<base::Uuid> m_versions;
    std::map<int, base::Uuid> m_byNumber;
    std::map<std::string, std::vector<base::Uuid>> m_byTag;
    std::map<std::string, base::Uuid> m_aliases;
};

}  // namespace hindcast::store
