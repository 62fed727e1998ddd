// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <vector>

namespace hindcast::controls {

/// Widgets side by side, in as many rows as the width asks for; each as wide as it would like to be. Hidden ones take
/// no room. Rows are as high as their highest widget, in whose middle the others stand.
class WrapLayout : public QLayout {
public:
    explicit WrapLayout(int gap, QWidget* parent = nullptr);
    ~WrapLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return arrange(QRect(0, 0, width, 0), false); }
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    Qt::Orientations expandingDirections() const override { return {}; }
    void setGeometry(const QRect& box) override;

private:
    /// The height that is needed; moves the items there when `move`.
    int arrange(const QRect& box, bool move) const;
    int placeRow(std::size_t from, std::size_t to, const QPoint& at, int width, bool move) const;

    std::vector<QLayoutItem*> m_items;  ///< owned, as Qt's layouts own theirs
};

}  // namespace hindcast::controls
