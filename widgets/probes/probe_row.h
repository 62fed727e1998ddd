// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QCheckBox;
class QLabel;

namespace hindcast::controls {
class Badge;
class ElidedLabel;
class PlacementStrip;
}  // namespace hindcast::controls
namespace hindcast::models {
class Project;
}

namespace hindcast::probes {

/// One probe in the list: whether it is planned, its name and place, a badge, and where it lands in every version. A
/// click anywhere makes it the current probe; a click on a mark of the strip previews that version.
class ProbeRow : public QFrame {
    Q_OBJECT
public:
    ProbeRow(models::Project& project, const QString& id, QWidget* parent = nullptr);
    const QString& id() const { return m_id; }
    bool isPlanned() const;
    void setPlanned(bool planned);
    controls::PlacementStrip* strip() const { return m_strip; }
    void refresh();

Q_SIGNALS:
    void plannedChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void build();
    void showStrip();
    void showBadge();

    models::Project& m_project;
    QString m_id;
    QCheckBox* m_planned;
    QLabel* m_name;
    controls::ElidedLabel* m_place;
    controls::Badge* m_badge;
    controls::PlacementStrip* m_strip;
    QLabel* m_note;
};

}  // namespace hindcast::probes
