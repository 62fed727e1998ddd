// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVector>

#include "widgets/controls/panel_frame.h"

class QGridLayout;

namespace hindcast::shell {

struct MachineFact;

/// "This computer": interpreter, PyTorch, GPU, git, sandbox, each with what it means for replays.
class MachineCard : public controls::PanelFrame {
    Q_OBJECT
public:
    explicit MachineCard(QWidget* parent = nullptr);
    void showFacts(const QVector<MachineFact>& facts);

private:
    QGridLayout* m_grid;
};

}  // namespace hindcast::shell
