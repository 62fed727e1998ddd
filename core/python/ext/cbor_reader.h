// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/python/ext/python_api.h"

namespace hindcast::python {

/// decode_cbor(data, tag, deque) -> value of the one item that `data` is, as hindcast.state.cbor says: `tag(number,
/// value)` for tags that only a restorer knows, `deque(items)`. ValueError when the bytes are not one item.
PyObject* decodeCbor(PyObject* module, PyObject* arguments);

}  // namespace hindcast::python
