// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/propagate/propagate.h"
#include "core/replay/unit.h"

namespace hindcast::replay {

/// Bytes that a probe adds to a file of a version, relative to the file as it was. Insertions of several probes into
/// one file do not disturb each other.
struct Insertion {
    std::string file;
    std::size_t offset = 0;  ///< in the original
    std::string text;        ///< whole lines (before it a line end where the file had none)

    bool operator==(const Insertion&) const = default;
};

/// What a spliced file adds to its original. InvalidArgument when the spliced text is not the original with the named
/// lines put in.
base::Result<std::vector<Insertion>> insertionsOf(std::string_view original, const propagate::SplicedFile& spliced);

/// Insertions of one probe, to be combined.
struct ProbeInsertions {
    int probe = 0;  ///< index into the unit's probes
    std::vector<Insertion> insertions;
};

/// A version's changed files with all probes in them, and where.
struct SplicedSource {
    std::map<std::string, std::string> files;  ///< changed files, whole
    std::vector<Injection> injected;
};

/// Puts all insertions in, in the order of `probes` where they meet at one place; a text that several probes bring to
/// one place (an import they share) is put in once. `originals` holds every file that is named. NotFound when one is
/// missing, InvalidArgument for an offset outside its file.
base::Result<SplicedSource> spliceAll(const std::map<std::string, std::string>& originals,
                                      const std::vector<ProbeInsertions>& probes);

/// Identity of an answer: the same version, the same spliced text, the same mode give the same values. `changed` are
/// the files with only the one probe in them. 32 hexadecimal digits.
std::string memoKey(const base::Uuid& version, const std::map<std::string, std::string>& changed, Mode mode);

}  // namespace hindcast::replay
