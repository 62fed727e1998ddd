// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qscilexerpython.h>

namespace hindcast::source {

/// Python in the colours of the theme; names of hindcast's own module stand out as functions do.
class PythonLexer : public QsciLexerPython {
    Q_OBJECT
public:
    explicit PythonLexer(QObject* parent);
    const char* keywords(int set) const override;
    /// Takes colours and font of the theme in force.
    void applyTheme();
};

}  // namespace hindcast::source
