// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace hindcast::desktop {

QString Translations::ofSystem() {
    return QLocale::system().language() == QLocale::Japanese ? QStringLiteral("ja") : QStringLiteral("en");
}

void Translations::use(const QString& language) {
    m_language = language;
    QCoreApplication::removeTranslator(&m_ours);
    QCoreApplication::removeTranslator(&m_qt);
    // The English file holds plural forms only: "1 worker", "2 workers".
    if (m_ours.load(QStringLiteral(":/i18n/hindcast_") + language)) QCoreApplication::installTranslator(&m_ours);
    const QString folder = QLibraryInfo::path(QLibraryInfo::TranslationsPath);
    if (m_qt.load(QStringLiteral("qtbase_") + language, folder)) QCoreApplication::installTranslator(&m_qt);
}

}  // namespace hindcast::desktop
