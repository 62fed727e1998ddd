// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Internal to this folder: what never enters a snapshot, whatever the user's ignore files say.
namespace hindcast::store {

/// Why this path (relative, '/'-separated; folders end in '/') stays out of every snapshot; "" when it may enter.
/// Pure, by name alone.
std::string_view reasonToLeaveOut(std::string_view path);

/// The same rules as lines of a .gitignore, so that the walk does not descend into what is left out anyway.
const std::string& leaveOutAsIgnoreRules();

/// A file by which a folder shows that it is a Python environment ("pyvenv.cfg"): the folder's path with '/', or "".
std::string_view environmentFolderOf(std::string_view path);

/// The url without user name and password.
std::string withoutCredentials(std::string url);

}  // namespace hindcast::store
