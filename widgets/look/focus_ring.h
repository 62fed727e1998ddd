// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>

namespace hindcast::look {

/// The ring around what the keyboard acts on: 2 px, 1 px outside the control, which a style sheet cannot draw.
/// Make one per application after the QApplication; it follows the focus by itself and shows only after a key moved
/// the focus, so that a click leaves no ring. Text fields show their own border instead.
class FocusRing : public QObject {
    Q_OBJECT
public:
    explicit FocusRing(QObject* parent = nullptr);
    ~FocusRing() override;

    /// The ring now shown around a widget, else null. For tests.
    QWidget* shownAround() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow(QWidget* target);
    void place();

    QPointer<QWidget> m_target;
    QPointer<QWidget> m_ring;
};

}  // namespace hindcast::look
