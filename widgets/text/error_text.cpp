// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/text/error_text.h"

#include <QCoreApplication>

namespace hindcast::text {

namespace {
QString word(const char* source) {
    return QCoreApplication::translate("ErrorText", source);
}
}  // namespace

QString errorKind(base::ErrorCode code) {
    switch (code) {
        case base::ErrorCode::Io:
            return word(QT_TRANSLATE_NOOP("ErrorText", "A file could not be read or written"));
        case base::ErrorCode::NotFound:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Not found"));
        case base::ErrorCode::InvalidArgument:
            return word(QT_TRANSLATE_NOOP("ErrorText", "This cannot be used"));
        case base::ErrorCode::Parse:
            return word(QT_TRANSLATE_NOOP("ErrorText", "This does not parse"));
        case base::ErrorCode::Damaged:
            return word(QT_TRANSLATE_NOOP("ErrorText", "The store is damaged"));
        case base::ErrorCode::NewerFormat:
            return word(QT_TRANSLATE_NOOP("ErrorText", "The store was written by a newer Hindcast"));
        case base::ErrorCode::Busy:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Another program is using this"));
        case base::ErrorCode::Environment:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Something that is needed is missing"));
        case base::ErrorCode::Conflict:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Your decision is needed"));
        case base::ErrorCode::NothingToDo:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Nothing to do"));
        case base::ErrorCode::Cancelled:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Cancelled"));
        case base::ErrorCode::DiskFull:
            return word(QT_TRANSLATE_NOOP("ErrorText", "The disk is full"));
        case base::ErrorCode::Refused:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Not allowed"));
        case base::ErrorCode::Internal:
            return word(QT_TRANSLATE_NOOP("ErrorText", "Hindcast made a mistake"));
    }
    return word(QT_TRANSLATE_NOOP("ErrorText", "Hindcast made a mistake"));
}

QString errorText(const base::Error& error) {
    const QString detail = QString::fromStdString(error.text());
    if (detail.isEmpty()) return errorKind(error.code());
    return QCoreApplication::translate("ErrorText", "%1: %2", "kind of failure: the sentence about it")
        .arg(errorKind(error.code()), detail);
}

}  // namespace hindcast::text
