// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/uuid.h"
#include "core/store/source/snapshot.h"

/// Internal to this folder: the facts of a snapshot as the message of its commit (a title, an empty line, JSON).
namespace hindcast::store {

std::string snapshotMessage(const base::Uuid& version, const Snapshot& snapshot);

/// Everything but the commit id and filesRead; fields that the message lacks stay empty.
Snapshot parseSnapshotMessage(const std::string& message);

}  // namespace hindcast::store
