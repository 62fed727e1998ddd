// SPDX-License-Identifier: Apache-2.0
#include "core/store/check/set_aside.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/base/clock.h"
#include "core/base/file.h"

namespace hindcast::store {

using base::Error;
using base::Result;

SetAside::SetAside(const Project& project) : m_project(project) {
    std::string time = base::isoTime(base::wallClockMicros());
    std::replace(time.begin(), time.end(), ':', '-');  // the name travels to file systems that forbid colons
    m_folder = project.store() / "damaged" / time;
}

Result<fs::path> SetAside::placeFor(const fs::path& path) const {
    const fs::path place = m_folder / path.lexically_relative(m_project.store());
    HINDCAST_TRY(base::makeFolder(place.parent_path()));
    return place;
}

Result<void> SetAside::replace(const fs::path& path, const fs::path& fresh) {
    std::error_code code;
    if (fs::exists(path, code)) {
        HINDCAST_ASSIGN(const fs::path place, placeFor(path));
        // A second name first, so that the file is never without one.
        fs::create_hard_link(path, place, code);
        if (code) fs::copy_file(path, place, code);
        if (code) return Error::fromErrno(code.value(), "cannot keep " + path.string());
        HINDCAST_TRY(base::syncFolder(place.parent_path()));
    }
    fs::rename(fresh, path, code);
    if (code) return Error::fromErrno(code.value(), "cannot rename to " + path.string());
    return base::syncFolder(path.parent_path());
}

Result<void> SetAside::take(const fs::path& path) {
    HINDCAST_ASSIGN(const fs::path place, placeFor(path));
    std::error_code code;
    fs::rename(path, place, code);
    if (code) return Error::fromErrno(code.value(), "cannot move " + path.string());
    HINDCAST_TRY(base::syncFolder(place.parent_path()));
    return base::syncFolder(path.parent_path());
}

}  // namespace hindcast::store
