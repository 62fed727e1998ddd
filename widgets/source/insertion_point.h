// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace hindcast::source {

/// Where a statement goes that the user adds at a line: after the statement that covers it.
struct InsertionPoint {
    int beforeLine = 0;  ///< 1-based line that the new one is put before; one past the end is allowed
    QString indent;      ///< of the block it goes to
};

/// `line` is 0-based. After a line that opens a block the statement goes into the block; after the last one of a block
/// it stays in the block. Continuation lines inside brackets belong to the statement that began above them.
InsertionPoint insertionAfter(const QStringList& lines, int line);

/// Leading blanks of a line.
QString indentOf(const QString& line);

/// True when `text` is a statement that logs by itself, so that no name has to be asked for.
bool isLogStatement(const QString& text);
/// A name for an expression: the last identifier that is not a call without meaning ("gn.item()" → "gn").
QString suggestedName(const QString& expression);

}  // namespace hindcast::source
