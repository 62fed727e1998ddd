// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <optional>

namespace hindcast::look {

/// The one time cursor that every panel follows, and the reference cursor B. Positions are iterations of the main
/// loop (epochs); a fraction is a place inside an iteration. GUI thread only. Signals are sent only on a change.
class TimeCursor : public QObject {
    Q_OBJECT
public:
    explicit TimeCursor(QObject* parent = nullptr);

    double position() const { return m_position; }
    int iteration() const;
    std::optional<double> reference() const { return m_reference; }
    /// Positions are held inside [0, last]; negative `last` means that there is nothing to point at.
    void setLast(double last);
    double last() const { return m_last; }

public Q_SLOTS:
    void setPosition(double position);
    void step(double by);
    void setReference(double position);
    void clearReference();

Q_SIGNALS:
    void moved(double position);
    void referenceChanged();
    void lastChanged(double last);

private:
    double held(double position) const;

    double m_position = 0.0;
    double m_last = -1.0;
    std::optional<double> m_reference;
};

}  // namespace hindcast::look
