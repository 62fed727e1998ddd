// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace hindcast::shell {

/// Looks like a search field in the menu bar's corner; a click or its key opens the command palette.
class SearchField : public QAbstractButton {
    Q_OBJECT
public:
    SearchField(const QString& text, const QString& keys, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_keys;
};

}  // namespace hindcast::shell
