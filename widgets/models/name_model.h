// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <vector>

namespace hindcast::models {

class Project;

/// The checklist of metrics: what is logged or was replayed, and whether it is on the charts.
class NameModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role : std::uint16_t { LevelRole = Qt::UserRole + 1, ReplayedRole };

    explicit NameModel(Project& project, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row {
        QString name;
        QString level;
        bool numeric = true;
        bool replayed = false;
    };
    void follow();

    Project& m_project;
    std::vector<Row> m_rows;
};

}  // namespace hindcast::models
