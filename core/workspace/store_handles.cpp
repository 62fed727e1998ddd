// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/store_handles.h"

namespace hindcast::workspace {

using base::Result;

Result<std::unique_ptr<StoreHandles>> StoreHandles::open(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(store::Project project, store::Project::find(path));
    HINDCAST_ASSIGN(store::Annotations annotations, store::Annotations::open(project));
    HINDCAST_ASSIGN(store::Ingester ingester, store::Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_TRY(annotations.refresh());
    HINDCAST_ASSIGN(store::Catalog catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(store::ValueReader values, store::ValueReader::open(project));
    HINDCAST_ASSIGN(store::SourceTrees trees, store::SourceTrees::open(project));
    return std::make_unique<StoreHandles>(StoreHandles{std::move(project), std::move(annotations), std::move(ingester),
                                                       std::move(catalog), std::move(values), std::move(trees)});
}

}  // namespace hindcast::workspace
