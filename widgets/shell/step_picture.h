// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace hindcast::shell {

/// The three small drawings of the first page: record, ask later, see all versions.
class StepPicture : public QWidget {
    Q_OBJECT
public:
    enum class Step : std::uint8_t { Record, Ask, See };
    explicit StepPicture(Step step, QWidget* parent = nullptr);
    QSize sizeHint() const override { return {290, 96}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintRecord(QPainter& painter) const;
    void paintAsk(QPainter& painter) const;
    void paintSee(QPainter& painter) const;

    Step m_step;
};

}  // namespace hindcast::shell
