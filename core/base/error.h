// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hindcast::base {

/// What kind of failure this is: the only thing a caller may branch on. Three tables map it outward: Python exception
/// (core/python/ext), exit status (app/cli) and translated text (widgets/text).
enum class ErrorCode {
    Io,               ///< the operating system refused a read, write, sync or rename
    NotFound,         ///< a file, version, name or store that was asked for is not there
    InvalidArgument,  ///< the caller's input cannot be used (bad filter, bad range, bad expression)
    Parse,            ///< a source file or document does not parse
    Damaged,          ///< stored bytes do not verify
    NewerFormat,      ///< the store was written by a newer format than this program knows
    Busy,             ///< a lock is held by another process
    Environment,      ///< interpreter, torch or a system tool that is needed is missing
    Conflict,         ///< a decision by the user is needed (placement)
    NothingToDo,      ///< what was asked for is there already
    Cancelled,        ///< the user or the caller stopped it
    DiskFull,         ///< no space left, or a quota
    Refused,          ///< not allowed (read-only store, sandbox, authorizer)
    Internal,         ///< a state the program should not reach; reported, never hidden
};

/// Machine name of a code, stable, as used in JSON listings ("not-found").
std::string_view errorCodeName(ErrorCode code);

/// A failure: code, one English sentence that says what happened and what to do, and the frames added on the way up.
/// Plain value; copies freely.
class Error {
public:
    Error(ErrorCode code, std::string text) : m_code(code), m_text(std::move(text)) {}

    /// An error from errno (ENOSPC and EDQUOT become DiskFull, ENOENT NotFound, EACCES and EROFS Refused).
    static Error fromErrno(int number, std::string_view doing);

    ErrorCode code() const { return m_code; }
    const std::string& text() const { return m_text; }

    /// Puts "context: " in front of the text.
    Error&& in(std::string_view context) &&;

private:
    ErrorCode m_code;
    std::string m_text;
};

}  // namespace hindcast::base
