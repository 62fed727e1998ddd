// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "core/workspace/workspace.h"

class QLabel;
class QPushButton;

namespace hindcast::replay {

/// A replay whose program died before it was over: what was asked, what is left to the user to decide.
class UnfinishedCard : public QFrame {
    Q_OBJECT
public:
    explicit UnfinishedCard(const workspace::UnfinishedReplay& replay, QWidget* parent = nullptr);
    const std::string& id() const { return m_id; }
    /// Off while another replay runs; why, as tooltip.
    void setResumable(bool resumable);

Q_SIGNALS:
    void resumed();
    void discarded();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::string m_id;
    QPushButton* m_resume;
};

}  // namespace hindcast::replay
