// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

namespace hindcast::propagate {

/// `hindcast propagate --from NEW.py --line N --to OLD.py --out OUT.py`: 0 placed and OUT written, 3 the statement is
/// already there, 4 a conflict (candidates as JSON on `out`), 2 bad usage or unparsable input. Messages go to `err`.
int runPropagateContract(const std::string& newPath, int line, const std::string& oldPath, const std::string& outPath,
                         std::ostream& out, std::ostream& err);

}  // namespace hindcast::propagate
