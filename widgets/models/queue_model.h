// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "core/workspace/views.h"

namespace hindcast::models {

class Project;

/// The replay queue: running first, then what needs a person, then waiting, then done. Neighbouring versions that are
/// done and exact fold into one row, as do those that wait.
class QueueModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role : std::uint16_t {
        NameRole = Qt::UserRole + 1,  ///< "v16", "v18–v23"
        PhraseRole,                   ///< "11 s left", "differs at epoch 14"
        DoneRole,                     ///< "19 of 30"
        PartRole,                     ///< 0…1 while running, absent otherwise
        IconRole,
        MeaningRole,  ///< look::Meaning as int
        OutputRole,   ///< file with what the worker printed, "" when none
        UuidRole      ///< of the newest version in the row
    };

    explicit QueueModel(Project& project, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    /// One line of the list: one version, or neighbours in the same state.
    struct Row {
        workspace::QueueRow newest;
        int oldestNumber = 0;
        std::int64_t done = 0;
        std::int64_t total = 0;
        double secondsLeft = 0;
        bool operator==(const Row&) const;
    };
    static std::vector<Row> fold(std::vector<workspace::QueueRow> rows);
    void follow();
    QString phrase(const Row& row) const;

    Project& m_project;
    std::vector<Row> m_rows;
};

}  // namespace hindcast::models
