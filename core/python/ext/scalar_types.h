// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/python/ext/python_api.h"

namespace hindcast::python {

/// What a value of a type is, that is no number of Python's own.
enum class ScalarKind : unsigned char { Other, Real, Whole, Truth };

/// Knows NumPy's scalars by the name of their type, without importing NumPy. A few nanoseconds for a type that was
/// asked about before. numpy.longdouble is Other: a double does not hold it.
ScalarKind scalarKindOf(PyObject* value);

}  // namespace hindcast::python
