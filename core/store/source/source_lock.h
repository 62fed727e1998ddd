// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/store/project.h"

/// Internal to this folder: objects of code.git are not named by anything until their snapshot is whole, so nothing may
/// be collected meanwhile.
namespace hindcast::store {

/// Held while a snapshot is written; any number at once. Waits while objects are collected.
base::Result<base::File> lockForSnapshot(const Project& project);
/// Held while objects are collected. Busy when a snapshot takes longer than half a minute.
base::Result<base::File> lockForCollection(const Project& project);

}  // namespace hindcast::store
