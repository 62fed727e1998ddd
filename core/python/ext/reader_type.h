// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/python/ext/python_api.h"

namespace hindcast::python {

/// Creates the Reader type; null with an exception.
PyObject* makeReaderType();

}  // namespace hindcast::python
