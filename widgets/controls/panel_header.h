// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace hindcast::controls {

class HeaderTabs;

/// Header of a panel, 32 px: title or tabs, count or state in tertiary, tools at the right. Also fit for
/// QDockWidget::setTitleBarWidget: presses on empty room are left to the dock, which moves it.
class PanelHeader : public QWidget {
    Q_OBJECT
public:
    explicit PanelHeader(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    QString title() const;
    /// "24 of 24", "replay running"; empty hides it. Elided, never clipped.
    void setCountText(const QString& text);
    QString countText() const;
    /// A 24 px flat button of the action (icon, tooltip, shortcut, checkable state); named after the action's text.
    QToolButton* addTool(QAction* action);
    /// Any other widget among the tools, e.g. a chip or a legend; the header takes ownership.
    void addToolWidget(QWidget* widget);
    /// Shows tabs in the place of the title. Left/Right move between them.
    void setTabs(const QStringList& titles);
    int currentTab() const;
    void setCurrentTab(int index);

Q_SIGNALS:
    void tabChosen(int index);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elideCount();

    QHBoxLayout* m_layout;
    QLabel* m_title;
    HeaderTabs* m_tabs = nullptr;
    QLabel* m_count;
    QString m_countText;
};

}  // namespace hindcast::controls
