// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCommandLineParser>
#include <algorithm>
#include <csignal>
#include <string_view>

#include "app/desktop/desktop_surroundings.h"
#include "widgets/look/focus_ring.h"
#include "widgets/look/theme.h"
#include "widgets/shell/main_window.h"

namespace {

struct Options {
    QString path;
    QString language;
    QString theme;
};

bool asksForText(int count, char** arguments) {
    return std::any_of(arguments + 1, arguments + count, [](const std::string_view argument) {
        return argument == "--help" || argument == "-h" || argument == "--version" || argument == "-v";
    });
}

Options parse(const QCoreApplication& application) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "Hindsight logging for training runs."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("path"), QCoreApplication::translate("main", "project folder to open"),
                                 QStringLiteral("[path]"));
    const QCommandLineOption language(QStringLiteral("language"),
                                      QCoreApplication::translate("main", "language of the window: en or ja"),
                                      QStringLiteral("code"));
    const QCommandLineOption theme(QStringLiteral("theme"), QCoreApplication::translate("main", "light or dark"),
                                   QStringLiteral("name"));
    parser.addOptions({language, theme});
    parser.process(application);
    return {parser.positionalArguments().value(0), parser.value(language), parser.value(theme)};
}

}  // namespace

int main(int argc, char** argv) {
    // A replay worker that ends while it is written to must not end the window.
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication::setApplicationName(QStringLiteral("hindcast"));
    QCoreApplication::setOrganizationName(QStringLiteral("hindcast"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HINDCAST_VERSION));
    if (asksForText(argc, argv)) {  // answered without a display
        const QCoreApplication application(argc, argv);
        parse(application);
    }
    const QApplication application(argc, argv);
    QGuiApplication::setDesktopFileName(QStringLiteral("hindcast"));
    const Options options = parse(application);

    hindcast::desktop::DesktopSurroundings surroundings;
    surroundings.useLanguage(options.language.isEmpty() ? surroundings.savedLanguage() : options.language);
    const bool dark = options.theme.isEmpty() ? surroundings.savedTheme() == hindcast::look::ThemeKind::Dark
                                              : options.theme == QLatin1String("dark");
    hindcast::look::Theme::instance().apply(dark ? hindcast::look::ThemeKind::Dark : hindcast::look::ThemeKind::Light);
    const hindcast::look::FocusRing focusRing;

    hindcast::shell::MainWindow window(surroundings);
    window.show();
    if (!options.path.isEmpty()) window.open(options.path.toStdString());
    return QApplication::exec();
}
