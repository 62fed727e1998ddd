// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/recorder_methods.h"

#include "core/python/ext/convert.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {
/// The value that a deferred one turned out to be; empty with an exception when it is none of the sorts there are.
std::optional<record::DeferredValues::Value> knownValue(PyObject* value) {
    using Value = record::DeferredValues::Value;
    if (value == Py_None) return Value();
    if (value == Py_True || value == Py_False) return Value(value == Py_True);
    if (PyFloat_Check(value)) return Value(PyFloat_AsDouble(value));
    if (PyLong_Check(value)) {
        const long long number = PyLong_AsLongLong(value);
        if (number == -1 && PyErr_Occurred() != nullptr) return std::nullopt;
        return Value(static_cast<std::int64_t>(number));
    }
    base::BytesView cbor;
    if (!bytesOf(value, cbor)) return std::nullopt;
    return Value(base::Bytes(cbor.begin(), cbor.end()));
}

}  // namespace

PyObject* logValue(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 2) return wrongCount("log(name, value)");
    bool handled = true;
    const bool done = withName(object, args[0], [&](ThreadLog& log, std::uint32_t name) {
        handled = logScalar(log, name, args[1]);
        return true;
    });
    return done ? PyBool_FromLong(handled) : nullptr;
}

PyObject* logArgument(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 2) return wrongCount("log_arg(name, value)");
    bool handled = true;
    const bool done = withName(object, args[0], [&](ThreadLog& log, std::uint32_t name) {
        int overflow = 0;
        // The mark must not stay behind when the value then turns out to need another way.
        const bool scalar =
            PyFloat_Check(args[1]) || args[1] == Py_None || PyUnicode_Check(args[1]) ||
            (PyLong_Check(args[1]) && (PyLong_AsLongLongAndOverflow(args[1], &overflow), overflow == 0));
        handled = scalar;
        if (scalar) {
            log.markArgument();
            logScalar(log, name, args[1]);
        }
        return true;
    });
    return done ? PyBool_FromLong(handled) : nullptr;
}

PyObject* logRich(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 2) return wrongCount("log_rich(name, cbor)");
    const bool done = withName(object, args[0], [&](ThreadLog& log, std::uint32_t name) {
        base::BytesView cbor;
        if (!bytesOf(args[1], cbor)) return false;
        log.rich(name, cbor);
        return true;
    });
    return done ? none() : nullptr;
}

PyObject* logBigInteger(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 2) return wrongCount("log_bigint(name, digits)");
    const bool done = withName(object, args[0], [&](ThreadLog& log, std::uint32_t name) {
        const auto digits = textOf(args[1], "digits");
        if (!digits) return false;
        log.bigInteger(name, *digits);
        return true;
    });
    return done ? none() : nullptr;
}

PyObject* markArgument(PyObject* object, PyObject*) {
    if (ThreadLog* log = logOf(object)) log->markArgument();
    return none();
}

PyObject* setProbe(PyObject* object, PyObject* index) {
    const long number = PyLong_AsLong(index);
    if (number == -1 && PyErr_Occurred() != nullptr) return nullptr;
    if (ThreadLog* log = logOf(object)) log->setProbe(static_cast<std::int32_t>(number));
    return none();
}

PyObject* setOrdinal(PyObject* object, PyObject* ordinal) {
    const unsigned long number = PyLong_AsUnsignedLong(ordinal);
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (ThreadLog* log = logOf(object)) log->markOrdinal(static_cast<std::uint32_t>(number));
    return none();
}

/// defer(name) -> ticket
PyObject* deferValue(PyObject* object, PyObject* name) {
    std::uint64_t ticket = 0;
    const bool done = withName(object, name, [&](ThreadLog& log, std::uint32_t number) {
        ticket = self(object)->deferredValues().open();
        log.deferred(number, ticket);
        return true;
    });
    return done ? PyLong_FromUnsignedLongLong(ticket) : nullptr;
}

/// provide(ticket, value)
PyObject* provideValue(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 2) return wrongCount("provide(ticket, value)");
    const unsigned long long ticket = PyLong_AsUnsignedLongLong(args[0]);
    if (PyErr_Occurred() != nullptr) return nullptr;
    return guarded([&]() -> PyObject* {
        auto value = knownValue(args[1]);
        if (!value) return nullptr;
        Recorder* const recorder = self(object);
        if (recorder != nullptr && recorder->isActive()) recorder->deferredValues().provide(ticket, *std::move(value));
        return none();
    });
}

}  // namespace hindcast::python
