// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace hindcast::query {

/// A table that users see, over the catalog.
struct ViewDefinition {
    std::string name;
    std::string select;  ///< over main.*
};

/// The tables that are plain SQL over the catalog; `arguments` become columns of `versions`.
std::vector<ViewDefinition> catalogViews(const std::vector<std::string>& arguments);

}  // namespace hindcast::query
