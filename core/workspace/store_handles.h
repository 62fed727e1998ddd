// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "core/store/project.h"
#include "core/store/source/source_trees.h"

namespace hindcast::workspace {

/// The open store of one workspace. One thread.
struct StoreHandles {
    store::Project project;
    store::Annotations annotations;
    store::Ingester ingester;
    store::Catalog catalog;
    store::ValueReader values;
    store::SourceTrees trees;

    /// Opens everything and ingests what is new, so that the catalog exists.
    static base::Result<std::unique_ptr<StoreHandles>> open(const std::filesystem::path& path);
};

}  // namespace hindcast::workspace
