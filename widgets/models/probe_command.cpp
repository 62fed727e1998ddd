// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/probe_command.h"

namespace hindcast::models {

ProbeCommand::ProbeCommand(ProbeStore& store, const QString& text, ProbeStore::Act forth, ProbeStore::Act back)
    : QUndoCommand(text), m_store(store), m_forth(std::move(forth)), m_back(std::move(back)) {}

void ProbeCommand::undo() {
    m_store.perform(m_back, [this] { m_store.placeAll(); });
}

void ProbeCommand::redo() {
    // A decision leaves the probe as it is and moves its placements, so they are asked for again.
    if (m_done) m_store.perform(m_forth, [this] { m_store.placeAll(); });
    m_done = true;
}

}  // namespace hindcast::models
