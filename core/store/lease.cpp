// SPDX-License-Identifier: Apache-2.0
#include "core/store/lease.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/store/lock_wait.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;
using nlohmann::json;

static fs::path leaseFile(const Project& project) {
    return project.scratch() / "housekeeping.lock";
}

static json readHolder(const Project& project) {
    const auto text = base::readTextFile(leaseFile(project), 4096);
    json holder = text ? json::parse(*text, nullptr, false) : json();
    return holder.is_object() ? holder : json::object();
}

std::int64_t Lease::generation(const Project& project) {
    const json holder = readHolder(project);
    const auto number = holder.find("generation");
    return number != holder.end() && number->is_number_integer() ? number->get<std::int64_t>() : 0;
}

/// Written in place: the lock belongs to this very file.
static Result<void> writeHolder(const Project& project, File& file, const std::string& what) {
    // A file that was deleted with scratch/ must not begin at a number that an index has seen.
    const std::int64_t before = Lease::generation(project);
    const json holder = {{"generation", before == 0 ? base::wallClockMicros() : before + 1},
                         {"what", what},
                         {"pid", ::getpid()},
                         {"at", base::isoTime(base::wallClockMicros())}};
    HINDCAST_TRY(file.truncate(0));
    if (::lseek(file.descriptor(), 0, SEEK_SET) != 0)
        return Error::fromErrno(errno, "cannot write " + file.path().string());
    return file.write(base::bytesOf(holder.dump() + "\n"));
}

static Error busy(const Project& project) {
    const json holder = readHolder(project);
    const std::string what = holder.value("what", "");
    return Error(ErrorCode::Busy, "the store in " + project.root().string() + " is being changed" +
                                      (what.empty() ? std::string(" or checked by another command")
                                                    : " by `hindcast " + what + "` (process " +
                                                          std::to_string(holder.value("pid", std::int64_t{0})) + ")") +
                                      ": try again when that is done");
}

Result<Lease> Lease::take(const Project& project, const std::string& what, std::chrono::milliseconds wait) {
    if (!project.isWritable())
        return Error(ErrorCode::Refused, "the store in " + project.root().string() + " is read-only");
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(File file, File::open(leaseFile(project), File::Mode::OpenOrCreate));
    HINDCAST_ASSIGN(const bool locked, waitForLock([&file] { return file.tryLock(); }, wait));
    if (!locked) return busy(project);
    HINDCAST_TRY(writeHolder(project, file, what));
    return Lease(std::move(file));
}

Result<Lease> Lease::share(const Project& project, std::chrono::milliseconds wait) {
    auto file = File::open(leaseFile(project), File::Mode::Read);
    if (!file && file.error().code() == ErrorCode::NotFound && project.isWritable()) {
        HINDCAST_TRY(base::makeFolder(project.scratch()));
        file = File::open(leaseFile(project), File::Mode::OpenOrCreate);
    }
    if (!file) return Lease(std::nullopt);
    HINDCAST_ASSIGN(const bool locked, waitForLock([&file] { return file->tryLockShared(); }, wait));
    if (!locked) return busy(project);
    return Lease(*std::move(file));
}

bool Lease::isTaken(const Project& project) {
    return base::isLockedByAnother(leaseFile(project));
}

}  // namespace hindcast::store
