// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace hindcast::controls {

/// One line of plain text that gives way to what stands beside it: shown with "…" where there is too little room, whole
/// in the tooltip then.
class ElidedLabel : public QLabel {
public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    /// `explanation`: what the tooltip says in any case.
    void setWhole(const QString& text, const QString& explanation = {});
    const QString& whole() const { return m_whole; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_whole;
    QString m_explanation;
};

}  // namespace hindcast::controls
