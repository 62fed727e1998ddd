// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/tool_row.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "widgets/commands/command_set.h"
#include "widgets/controls/panel_bars.h"
#include "widgets/controls/segmented_switch.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/shell/cursor_group.h"
#include "widgets/text/words.h"

namespace hindcast::shell {

namespace {
QWidget* divider() {
    auto* line = new QFrame;
    line->setFixedSize(1, 24);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Mid);
    return line;
}

/// A button that follows an action: text, icon, tooltip, enabled.
QPushButton* buttonFor(QAction* action, const QString& kind) {
    auto* button = new QPushButton;
    button->setObjectName(action->objectName() + QStringLiteral(".button"));
    if (!kind.isEmpty()) look::setStyleProperty(button, "kind", kind);
    controls::bindButton(button, action);
    return button;
}
}  // namespace

ToolRow::ToolRow(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : QWidget(parent),
      m_project(project),
      m_pages(new controls::SegmentedSwitch({tr("Explore"), tr("Probe", "workspace")})) {
    setFixedHeight(look::px(look::Size::ToolBar));
    m_pages->setObjectName(QStringLiteral("pages"));
    m_pages->setAccessibleName(tr("Workspace"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(m_pages);
    layout->addWidget(divider());
    addProject(layout);
    layout->addWidget(divider());
    layout->addWidget(new CursorGroup(project, commands));
    layout->addStretch();
    auto* add = buttonFor(commands.action(QStringLiteral("probe.add")), QString());
    add->setIcon(look::IconSet::instance().icon(QStringLiteral("probe-statement"), look::Color::TextPrimary));
    layout->addWidget(add);
    m_replay = buttonFor(commands.action(QStringLiteral("replay.plan")), QStringLiteral("primary"));
    m_replay->setIcon(look::IconSet::instance().icon(QStringLiteral("replay"), look::Color::TextOnAccent));
    layout->addWidget(m_replay);
    connect(m_pages, &controls::SegmentedSwitch::currentChanged, this, &ToolRow::pageChosen);
    connect(&project, &models::Project::versionsChanged, this, &ToolRow::showProject);
    showProject();
}

void ToolRow::addProject(QHBoxLayout* layout) {
    auto* box = new QHBoxLayout;
    box->setSpacing(8);
    auto* icon = new QLabel;
    icon->setPixmap(look::IconSet::instance()
                        .icon(QStringLiteral("folder"), look::Color::TextTertiary)
                        .pixmap(look::px(look::Size::Icon)));
    m_name = new QLabel;
    m_name->setFont(look::font(look::TextRole::Strong));
    m_script = new QLabel;
    look::setStyleProperty(m_script, "role", QStringLiteral("tertiary"));
    m_script->setFont(look::font(look::TextRole::Label, QFont::Normal));
    box->addWidget(icon);
    box->addWidget(m_name);
    box->addWidget(m_script);
    layout->addLayout(box);
}

void ToolRow::showProject() {
    m_name->setText(m_project.name());
    m_name->setToolTip(m_project.folder());
    m_script->setText(m_project.versions().empty() ? QString() : text::fromUtf8(m_project.versions().front().script));
}

void ToolRow::showPage(int page) {
    m_pages->setCurrent(page);
    // The Probe workspace has the plan's own button.
    m_replay->setVisible(page == 0);
}

}  // namespace hindcast::shell
