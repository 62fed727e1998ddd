// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/workspace/views.h"
#include "widgets/controls/panel_frame.h"

class QBoxLayout;
class QPushButton;
class QTableView;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class PlanModel;
class Project;
}  // namespace hindcast::models

namespace hindcast::replay {

class ChoiceCard;
class LimitsRow;

/// What a replay of the ticked probes would do, version by version, why and how long; how to run it; and the one button
/// that starts it.
class PlanPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    PlanPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildContent(commands::CommandSet& commands);
    QWidget* buildChoices(commands::CommandSet& commands);
    void buildElsewhere(QBoxLayout& row);
    void configureTable();
    void connectProject();
    void showPlan();
    void showCards();
    void showElsewhere();
    void showVerdict();
    void showNotices();
    void selectPreviewed();
    void layOutColumns();

    models::Project& m_project;
    models::PlanModel* m_model;
    QTableView* m_table;
    ChoiceCard* m_all;
    ChoiceCard* m_one;
    std::vector<ChoiceCard*> m_elsewhere;  ///< a card each for the project's other resources; hidden ones are spare
    std::vector<workspace::PlanOption> m_offered;  ///< what those that are shown stand for
    int m_localWorkers = 0;                        ///< that the first card stands for
    LimitsRow* m_limits = nullptr;
    QWidget* m_choices = nullptr;
    QAction* m_allow = nullptr;  ///< of the banner that asks whether past code may run unheld
    QPushButton* m_start = nullptr;
    QPushButton* m_dry = nullptr;
    bool m_following = false;
};

}  // namespace hindcast::replay
