// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/python/ext/python_api.h"

namespace hindcast::python {

/// encode_cbor(value, tag, deque) -> bytes of one item, as hindcast.state.cbor says: objects of the type `tag` are
/// written as their `.tag` and `.value`. TypeError for a type that has no form; subclasses have none.
PyObject* encodeCbor(PyObject* module, PyObject* arguments);

}  // namespace hindcast::python
