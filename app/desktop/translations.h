// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTranslator>

namespace hindcast::desktop {

/// The language of the window, switchable while it runs: our translation and Qt's own. English needs none.
class Translations {
public:
    /// "ja" for a Japanese system, else "en".
    static QString ofSystem();
    void use(const QString& language);
    const QString& language() const { return m_language; }

private:
    QTranslator m_ours;
    QTranslator m_qt;
    QString m_language = QStringLiteral("en");
};

}  // namespace hindcast::desktop
