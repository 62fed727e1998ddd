// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSpinBox;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::controls {
class Chip;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::shell {

/// The time cursor in the tool bar: step, field, step, next capture, reference B.
class CursorGroup : public QWidget {
    Q_OBJECT
public:
    CursorGroup(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);

private:
    void showCursor();
    void showReference();

    models::Project& m_project;
    QSpinBox* m_field;
    controls::Chip* m_reference;
};

}  // namespace hindcast::shell
