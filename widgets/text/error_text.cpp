// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/error_text.h"

#include <QCoreApplication>

namespace hindcast::text {

namespace {
/// The context of the sentences in this file.
class ErrorText {
    Q_DECLARE_TR_FUNCTIONS(ErrorText)
};
}  // namespace

QString errorKind(base::ErrorCode code) {
    switch (code) {
        case base::ErrorCode::Io:
            return ErrorText::tr("A file could not be read or written");
        case base::ErrorCode::NotFound:
            return ErrorText::tr("Not found");
        case base::ErrorCode::InvalidArgument:
            return ErrorText::tr("This cannot be used");
        case base::ErrorCode::Parse:
            return ErrorText::tr("This does not parse");
        case base::ErrorCode::Damaged:
            return ErrorText::tr("The store is damaged");
        case base::ErrorCode::NewerFormat:
            return ErrorText::tr("The store was written by a newer Hindcast");
        case base::ErrorCode::Busy:
            return ErrorText::tr("Another program is using this");
        case base::ErrorCode::Environment:
            return ErrorText::tr("Something that is needed is missing");
        case base::ErrorCode::Conflict:
            return ErrorText::tr("Your decision is needed");
        case base::ErrorCode::NothingToDo:
            return ErrorText::tr("Nothing to do");
        case base::ErrorCode::Cancelled:
            return ErrorText::tr("Cancelled");
        case base::ErrorCode::DiskFull:
            return ErrorText::tr("The disk is full");
        case base::ErrorCode::Refused:
            return ErrorText::tr("Not allowed");
        case base::ErrorCode::Internal:
            return ErrorText::tr("Hindcast made a mistake");
    }
    return ErrorText::tr("Hindcast made a mistake");
}

QString errorText(const base::Error& error) {
    const QString detail = QString::fromStdString(error.text());
    if (detail.isEmpty()) return errorKind(error.code());
    return ErrorText::tr("%1: %2", "kind of failure: the sentence about it").arg(errorKind(error.code()), detail);
}

}  // namespace hindcast::text
