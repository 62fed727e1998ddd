// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace hindcast::controls {

/// A removable condition, 20 px. Filter (changes data): soft accent ground. View (zoom, colour, x axis): outline.
/// Delete or Backspace, or a click on its ×, asks for removal.
class Chip : public QWidget {
    Q_OBJECT
public:
    enum class Kind : std::uint8_t { Filter, View };
    Chip(Kind kind, const QString& text, QWidget* parent = nullptr);

    void setText(const QString& text);
    QString text() const { return m_text; }
    Kind kind() const { return m_kind; }
    /// A view chip that can only be changed, not removed, has no ×.
    void setRemovable(bool removable);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void clicked();
    void removeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect closeBox() const;
    QRect body() const;

    Kind m_kind;
    QString m_text;
    bool m_removable = true;
    bool m_overClose = false;
};

}  // namespace hindcast::controls
