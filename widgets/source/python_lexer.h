// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qscilexerpython.h>

#include "widgets/look/theme.h"

namespace hindcast::source {

/// The fixed-width face for QScintilla, which knows sizes in points only and would show a font in pixels at almost
/// none.
QFont editorFont(look::TextRole role);

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
