// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hindcast::query {

/// A rich value (CBOR of FORMAT.md 5.2) as JSON text: arrays and matrices as nested lists (complex numbers as pairs),
/// histograms as edges and counts, images as their sizes without the pixels. Non-finite numbers are the strings "NaN",
/// "Infinity", "-Infinity". Bytes that do not decode, and element types that JSON cannot show, become an object that
/// says their type and size.
std::string richJson(const std::string& cbor);

}  // namespace hindcast::query
