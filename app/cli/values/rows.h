// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"
#include "core/store/project.h"

namespace hindcast::cli {

/// What --format takes, for the help and for checking.
const std::vector<std::string>& rowFormats();

/// Prints a table to standard output in one of rowFormats(). `columns` is for programs: see core/query/row_formats.h.
/// Fails with Io when standard output cannot be written; a reader that goes away is no failure.
base::Result<void> printRows(const query::Rows& rows, const std::string& format);

/// The project that a path belongs to, with everything that was written until now taken into the index.
base::Result<store::Project> openIndexedProject(const std::string& path);

}  // namespace hindcast::cli
