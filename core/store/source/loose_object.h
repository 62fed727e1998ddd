// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <git2.h>

#include "core/store/project.h"

/// Internal to this folder.
namespace hindcast::store {

/// What the file of an object of code.git says about it. Missing: it is packed, or not there at all.
enum class LooseObject { Whole, Damaged, Missing };

/// Reads the object's file and compares its content with its name. To be asked before libgit2 reads an object whose
/// file may be damaged: libgit2 1.5 does not return from some compressed streams with a flipped bit. Costs one inflate.
LooseObject checkLooseObject(const Project& project, const git_oid& id);

}  // namespace hindcast::store
