// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/status_row.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "widgets/commands/command_set.h"
#include "widgets/controls/progress_line.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/shell/surroundings.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::shell {

namespace {
constexpr int kProgressWidth = 120;

QLabel* caption() {
    auto* label = new QLabel;
    label->setFont(look::font(look::TextRole::Caption));
    look::setStyleProperty(label, "role", QStringLiteral("secondary"));
    return label;
}

QPushButton* flat(const QString& text) {
    auto* button = new QPushButton(text);
    look::setStyleProperty(button, "kind", QStringLiteral("flat"));
    look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    button->setFont(look::font(look::TextRole::Caption));
    return button;
}

QLabel* iconLabel(const char* name, look::Color color) {
    auto* label = new QLabel;
    label->setPixmap(
        look::IconSet::instance().icon(QLatin1String(name), color).pixmap(look::px(look::Size::IconSmall) + 2));
    return label;
}
}  // namespace

StatusRow::StatusRow(models::Project* project, commands::CommandSet& commands, Surroundings& surroundings,
                     QWidget* parent)
    : QWidget(parent), m_project(project), m_left(caption()), m_store(caption()) {
    setFixedHeight(look::px(look::Size::StatusBar));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->setSpacing(8);
    m_liveIcon = iconLabel(project ? "live" : "lock", project ? look::Color::Accent : look::Color::TextTertiary);
    layout->addWidget(m_liveIcon);
    layout->addWidget(m_left);
    if (project) addReplay(layout, commands);
    layout->addStretch();
    if (project) layout->addWidget(m_store);
    addSwitches(layout, surroundings);
    if (!project) {
        m_left->setText(tr("Everything stays in one folder on this computer. No account, no server, no network."));
        return;
    }
    connect(project, &models::Project::versionsChanged, this, &StatusRow::showTraining);
    connect(&project->replay(), &models::ReplayDesk::progressChanged, this, &StatusRow::showReplay);
    showTraining();
    showReplay();
}

void StatusRow::addReplay(QHBoxLayout* layout, commands::CommandSet& commands) {
    m_progress = new controls::ProgressLine;
    m_progress->setFixedWidth(kProgressWidth);
    m_progress->setAccessibleName(tr("Replay progress"));
    m_replay = caption();
    m_pause = flat(QString());
    m_cancel = flat(tr("Cancel"));
    connect(m_pause, &QPushButton::clicked, commands.action(QStringLiteral("replay.pause")), &QAction::trigger);
    connect(m_cancel, &QPushButton::clicked, commands.action(QStringLiteral("replay.cancel")), &QAction::trigger);
    for (QWidget* widget : {static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_replay),
                            static_cast<QWidget*>(m_pause), static_cast<QWidget*>(m_cancel)}) {
        layout->addWidget(widget);
    }
}

void StatusRow::addSwitches(QHBoxLayout* layout, Surroundings& surroundings) {
    const bool dark = look::Theme::instance().kind() == look::ThemeKind::Dark;
    auto* theme = flat(dark ? tr("Dark") : tr("Light"));
    theme->setObjectName(QStringLiteral("themeSwitch"));
    theme->setIcon(look::IconSet::instance().icon(QStringLiteral("theme")));
    theme->setToolTip(tr("Switch between light and dark"));
    connect(theme, &QPushButton::clicked, &surroundings,
            [&surroundings, dark] { surroundings.setTheme(dark ? look::ThemeKind::Light : look::ThemeKind::Dark); });
    const bool japanese = surroundings.language() == QLatin1String("ja");
    auto* language = flat(japanese ? QStringLiteral("日本語") : QStringLiteral("English"));
    language->setObjectName(QStringLiteral("languageSwitch"));
    language->setIcon(look::IconSet::instance().icon(QStringLiteral("language")));
    language->setToolTip(japanese ? QStringLiteral("English") : QStringLiteral("日本語"));
    language->setAccessibleName(tr("Language"));
    connect(language, &QPushButton::clicked, &surroundings, [&surroundings, japanese] {
        surroundings.setLanguage(japanese ? QStringLiteral("en") : QStringLiteral("ja"));
    });
    layout->addWidget(theme);
    layout->addWidget(language);
}

void StatusRow::showTraining() {
    QStringList training;
    for (const auto& version : m_project->versions()) {
        if (version.state != workspace::VersionState::Recording) continue;
        const QString name = text::versionName(version.number);
        training.append(
            version.outerLoop.empty()
                ? tr("%1 training").arg(name)
                : tr("%1 training, %2 %3").arg(name, text::fromUtf8(version.outerLoop)).arg(version.outerIterations));
    }
    m_liveIcon->setVisible(!training.isEmpty());
    m_left->setText(training.join(QStringLiteral(" · ")));
    m_left->setVisible(!training.isEmpty());
    m_store->setText(tr("Store %1").arg(text::bytesText(m_project->storeBytes())));
}

void StatusRow::showReplay() {
    const auto& replay = m_project->replay();
    const auto& progress = replay.progress();
    const bool running = replay.isRunning();
    m_progress->setVisible(running);
    m_pause->setVisible(running);
    m_cancel->setVisible(running);
    if (running) {
        m_progress->setPart(
            progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0.0);
        m_progress->setPaused(replay.isPaused());
        m_pause->setText(replay.isPaused() ? tr("Resume") : tr("Pause"));
        m_replay->setText(QStringList{tr("Replay %1 of %2 epochs").arg(progress.done).arg(progress.total),
                                      tr("%n worker(s)", "", progress.workers),
                                      text::timeLeftText(progress.secondsLeft)}
                              .join(QStringLiteral(" · ")));
    } else if (replay.isStarting()) {
        m_replay->setText(tr("Starting the replay"));
    } else if (!progress.rows.empty()) {
        m_replay->setText(progress.cancelled ? tr("Replay cancelled after %1 of %2 epochs; finished values are kept")
                                                   .arg(progress.done)
                                                   .arg(progress.total)
                                             : tr("Replay finished: %1 epochs").arg(progress.done));
    } else {
        m_replay->setText(QString());
    }
}

}  // namespace hindcast::shell
