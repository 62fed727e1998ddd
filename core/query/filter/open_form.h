// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace hindcast::query {

/// The expression as it is asked of rows in which some column is not known yet and reads as NULL: false only when no
/// value of that column could make it true.
///
/// SQL's NULL is such an unknown for comparisons, arithmetic, AND, OR and NOT, but not for what looks at NULL itself
/// (IS NULL, CASE, functions such as coalesce). The text is taken apart at its outer ORs and ANDs, and a part that
/// looks at NULL counts as unknown while a column that it reads is NULL.
std::string openForm(const std::string& expression, const std::vector<std::string>& columns);

}  // namespace hindcast::query
