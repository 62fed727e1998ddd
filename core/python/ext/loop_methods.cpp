// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/recorder_methods.h"

#include "core/python/ext/convert.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {
/// The text of a pass's label. False with TypeError for what is no str; nothing happens for None.
bool labelPass(ThreadLog* log, PyObject* label) {
    if (label == nullptr || label == Py_None) return true;
    Ref holder;
    const auto text = PyUnicode_Check(label) ? utf8(label, holder) : std::nullopt;
    if (!text) {
        if (PyErr_Occurred() == nullptr) PyErr_SetString(PyExc_TypeError, "label must be a str");
        return false;
    }
    if (log != nullptr) log->label(*text);
    return true;
}

}  // namespace

PyObject* enterLoop(PyObject* object, PyObject* loop) {
    record::LoopToken token = 0;
    const bool done = withName(object, loop, [&token](ThreadLog& log, std::uint32_t name) {
        token = log.enter(name);
        return true;
    });
    return done ? PyLong_FromUnsignedLongLong(token) : nullptr;
}

/// step(token, label=None)
PyObject* stepLoop(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 1 && count != 2) return wrongCount("step(token, label=None)");
    const unsigned long long token = PyLong_AsUnsignedLongLong(args[0]);
    if (PyErr_Occurred() != nullptr) return nullptr;
    return guarded([&]() -> PyObject* {
        ThreadLog* const log = logOf(object);
        if (log != nullptr) log->nextOf(token);
        if (!labelPass(log, count == 2 ? args[1] : nullptr)) return nullptr;
        if (log != nullptr) yieldToDisk(*self(object), *log);
        return none();
    });
}

/// next(index=None, label=None)
PyObject* nextPass(PyObject* object, PyObject* const* args, Py_ssize_t count, PyObject* keywords) {
    PyObject* values[2] = {nullptr, nullptr};
    if (count > 2) return wrongCount("next(index=None, label=None)");
    for (Py_ssize_t i = 0; i < count; ++i) values[i] = args[i];
    for (Py_ssize_t i = 0; keywords != nullptr && i < PyTuple_Size(keywords); ++i) {
        PyObject* const keyword = PyTuple_GetItem(keywords, i);
        const bool isIndex = PyUnicode_CompareWithASCIIString(keyword, "index") == 0;
        if (!isIndex && PyUnicode_CompareWithASCIIString(keyword, "label") != 0)
            return wrongCount("next(index=None, label=None)");
        values[isIndex ? 0 : 1] = args[count + i];
    }
    ThreadLog* const log = logOf(object);
    if (values[0] == nullptr || values[0] == Py_None) {
        if (log != nullptr) log->next();
    } else {
        const long long index = PyLong_AsLongLong(values[0]);
        if (index == -1 && PyErr_Occurred() != nullptr) return nullptr;
        if (log != nullptr) log->nextAt(index);
    }
    return labelPass(log, values[1]) ? none() : nullptr;
}

/// leave(how, token=None)
PyObject* leaveLoop(PyObject* object, PyObject* const* args, Py_ssize_t count) {
    if (count != 1 && count != 2) return wrongCount("leave(how, token=None)");
    const long reason = PyLong_AsLong(args[0]);
    if (reason < 0 || reason > 3) {
        if (PyErr_Occurred() == nullptr)
            PyErr_SetString(PyExc_ValueError, "how is 0 exhausted, 1 break, 2 return or 3 exception");
        return nullptr;
    }
    const unsigned long long token = count == 2 ? PyLong_AsUnsignedLongLong(args[1]) : 0;
    if (PyErr_Occurred() != nullptr) return nullptr;
    ThreadLog* const log = logOf(object);
    if (log != nullptr && count == 2) log->leave(token, static_cast<format::LeaveReason>(reason));
    if (log != nullptr && count == 1) log->leave(static_cast<format::LeaveReason>(reason));
    return none();
}

PyObject* suspendLoop(PyObject* object, PyObject* token) {
    const unsigned long long loop = PyLong_AsUnsignedLongLong(token);
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (ThreadLog* log = logOf(object)) log->suspend(loop);
    return none();
}

PyObject* selectStrand(PyObject* object, PyObject* strand) {
    const unsigned long long number = PyLong_AsUnsignedLongLong(strand);
    if (PyErr_Occurred() != nullptr) return nullptr;
    return guarded([&]() -> PyObject* {
        self(object)->selectStrand(number);
        return none();
    });
}

PyObject* stackOf(PyObject* object, PyObject*) {
    return guarded([&]() -> PyObject* {
        format::Coordinates coordinates;
        if (ThreadLog* log = logOf(object)) {
            std::vector<std::string_view> names;
            self(object)->names().extend(names);
            for (std::size_t depth = 1; depth <= log->depth(); ++depth) {
                const ThreadLog::Level& level = log->level(depth);
                coordinates.push_back({std::string(names[level.loop]), level.occurrence, level.index});
            }
        }
        return toPython(coordinates);
    });
}

}  // namespace hindcast::python
