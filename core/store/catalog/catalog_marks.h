// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog_writer.h"

/// Internal to this folder: the merged annotations as rows of the catalog.
namespace hindcast::store {

/// Writes numbers, tags, notes, pins, baselines, aliases, probes, placements and what is superseded, inside the open
/// transaction. Only rows that differ are touched, so that readers see what changed.
base::Result<void> writeMarks(CatalogWriter& catalog, const AnnotationView& view);

}  // namespace hindcast::store
