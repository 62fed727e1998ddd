// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/propagate/propagate.h"

namespace hindcast::propagate {

/// A case by hand: the statement of `newest` that holds the marker, carried into `old`, gives `expected`.
struct Carried {
    const char* name;
    const char* marker;
    std::string newest;
    std::string old;
    std::string expected;
};

inline Project single(std::string text) {
    return Project({{"train.py", std::move(text)}});
}

/// The 1-based line of the only line that contains the marker.
inline int lineWith(const std::string& text, const std::string& marker) {
    const auto at = text.find(marker);
    EXPECT_NE(at, std::string::npos) << marker;
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// Carries the statement that holds the marker.
inline Placement carry(const std::string& newest, const std::string& marker, const std::string& old) {
    auto placement = place(single(newest), {"train.py", lineWith(newest, marker)}, single(old));
    EXPECT_TRUE(placement) << (placement ? "" : placement.error().text());
    return placement ? *placement : Placement{};
}

/// The spliced text, or the reason why there is none.
inline std::string spliced(const Placement& placement) {
    return placement.kind == Placement::Kind::Placed ? placement.spliced.front().text
                                                     : "not placed: " + placement.reason;
}

}  // namespace hindcast::propagate
