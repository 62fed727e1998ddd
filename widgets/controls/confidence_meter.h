// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

class QPainter;

namespace hindcast::controls {

/// Certainty at which a placement is accepted; the notch of the meter.
inline constexpr double kConfidenceBar = 0.60;

/// A 44 x 5 px bar with a notch at the bar to pass and the number beside it; amber below the notch, an en dash when
/// there is no number. For delegates: paints at the left edge of `box`, centred vertically.
void paintConfidence(QPainter& painter, const QRect& box, std::optional<double> confidence,
                     double bar = kConfidenceBar);

class ConfidenceMeter : public QWidget {
    Q_OBJECT
public:
    explicit ConfidenceMeter(QWidget* parent = nullptr);
    void setConfidence(std::optional<double> confidence, double bar = kConfidenceBar);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<double> m_confidence;
    double m_bar = kConfidenceBar;
};

}  // namespace hindcast::controls
