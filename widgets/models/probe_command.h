// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUndoCommand>

#include "widgets/models/probe_store.h"

namespace hindcast::models {

/// One act on a probe that is already done when the command is pushed: the first redo does nothing.
class ProbeCommand : public QUndoCommand {
public:
    ProbeCommand(ProbeStore& store, const QString& text, ProbeStore::Act forth, ProbeStore::Act back);
    void undo() override;
    void redo() override;

private:
    ProbeStore& m_store;
    ProbeStore::Act m_forth;
    ProbeStore::Act m_back;
    bool m_done = false;
};

}  // namespace hindcast::models
