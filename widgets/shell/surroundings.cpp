// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/surroundings.h"

namespace hindcast::shell {

Surroundings::Surroundings(QObject* parent) : QObject(parent) {}

Surroundings::~Surroundings() = default;

}  // namespace hindcast::shell
