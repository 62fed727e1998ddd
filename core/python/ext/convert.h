// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/format/events/events.h"
#include "core/python/ext/python_api.h"
#include "core/record/capture/staged_capture.h"
#include "core/record/log/thread_log.h"

// Between Python objects and the types of format and record. A function that returns false or null has set a Python
// exception.

namespace hindcast::python {

/// The one table from error codes to Python exceptions.
PyObject* raise(const base::Error& error);
/// The same for what the standard library throws.
PyObject* raise(const std::exception& exception);

/// Runs a body that makes a Python object; what is thrown inside becomes a Python exception.
template <class Body>
PyObject* guarded(Body&& body) {
    try {
        return body();
    } catch (const std::exception& exception) {
        return raise(exception);
    }
}

/// UTF-8 of a str. What has no UTF-8 (lone surrogates) is written as \udcxx; `holder` then owns the bytes.
std::optional<std::string_view> utf8(PyObject* text, Ref& holder);
std::optional<std::string> textOf(PyObject* text, const char* what);
PyObject* toPython(std::string_view text);
PyObject* toPython(base::BytesView bytes);

/// The longest text and the largest CBOR that is recorded as one value.
inline constexpr std::size_t kLargestValueBytes = std::size_t{16} << 20;

/// Puts a float, 64-bit int, bool, None or str, or a NumPy scalar that is one, into the log; false (no exception) for
/// anything else.
bool logScalar(record::ThreadLog& log, std::uint32_t name, PyObject* value);

PyObject* toPython(const format::Coordinates& coordinates);
std::optional<format::Coordinates> coordinatesOf(PyObject* list);
std::optional<record::TensorView> tensorViewOf(PyObject* tuple);

}  // namespace hindcast::python
