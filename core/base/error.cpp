// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <cerrno>
#include <cstring>

namespace hindcast::base {

std::string_view errorCodeName(ErrorCode code) {
    switch (code) {
        case ErrorCode::Io:
            return "io";
        case ErrorCode::NotFound:
            return "not-found";
        case ErrorCode::InvalidArgument:
            return "invalid-argument";
        case ErrorCode::Parse:
            return "parse";
        case ErrorCode::Damaged:
            return "damaged";
        case ErrorCode::NewerFormat:
            return "newer-format";
        case ErrorCode::Busy:
            return "busy";
        case ErrorCode::Environment:
            return "environment";
        case ErrorCode::Conflict:
            return "conflict";
        case ErrorCode::NothingToDo:
            return "nothing-to-do";
        case ErrorCode::Cancelled:
            return "cancelled";
        case ErrorCode::DiskFull:
            return "disk-full";
        case ErrorCode::Refused:
            return "refused";
        case ErrorCode::Internal:
            return "internal";
    }
    return "internal";
}

static ErrorCode codeOfErrno(int number) {
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return ErrorCode::DiskFull;
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::NotFound;
        case EACCES:
        case EPERM:
        case EROFS:
            return ErrorCode::Refused;
        case EAGAIN:
            return ErrorCode::Busy;
        default:
            return ErrorCode::Io;
    }
}

Error Error::fromErrno(int number, std::string_view doing) {
    char buffer[128];
    const char* reason = strerror_r(number, buffer, sizeof buffer);
    std::string text(doing);
    text += ": ";
    text += reason;
    return Error(codeOfErrno(number), std::move(text));
}

Error&& Error::in(std::string_view context) && {
    std::string text(context);
    text += ": ";
    text += m_text;
    m_text = std::move(text);
    return std::move(*this);
}

}  // namespace hindcast::base
