// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qscilexersql.h>

namespace hindcast::sql {

/// SQL in the colours of the window.
class SqlLexer : public QsciLexerSQL {
    Q_OBJECT
public:
    explicit SqlLexer(QObject* parent = nullptr);
    const char* keywords(int set) const override;
    void applyTheme();
};

}  // namespace hindcast::sql
