// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/python/ext/python_api.h"
#include "core/python/ext/recorder_type.h"

// The methods of the Recorder object, by what they are about, and what they share. Each works on the calling thread's
// log, does nothing once recording has ended, and returns null with a Python exception only for a wrong argument.

namespace hindcast::python {

struct RecorderObject {
    PyObject_HEAD std::unique_ptr<record::Recorder> recorder;
};

/// The recorder; null once it was detached.
inline record::Recorder* self(PyObject* object) {
    return reinterpret_cast<RecorderObject*>(object)->recorder.get();
}
/// The calling thread's log; null when nothing is recorded any more.
inline record::ThreadLog* logOf(PyObject* object) {
    record::Recorder* const recorder = self(object);
    return recorder != nullptr ? recorder->threadLog() : nullptr;
}

inline PyObject* none() {
    return newReference(Py_None);
}
/// TypeError that shows how the method is called.
PyObject* wrongCount(const char* call);
/// The content of a bytes object.
bool bytesOf(PyObject* object, base::BytesView& bytes);

/// Runs a body on the calling thread's log with a name's number. Running out of memory must not reach the script: it
/// ends the recording instead.
template <class Body>
bool withName(PyObject* object, PyObject* name, Body&& body) {
    record::Recorder* const recorder = self(object);
    record::ThreadLog* const log = recorder != nullptr ? recorder->threadLog() : nullptr;
    if (log == nullptr) return true;
    try {
        std::uint32_t number = 0;
        if (!nameNumber(*recorder, name, number) || !body(*log, number)) return false;
        yieldToDisk(*recorder, *log);
        return true;
    } catch (const std::exception& exception) {
        recorder->disable(std::string("the recorder failed: ") + exception.what());
        return true;
    }
}

// values: value_methods.cpp
PyObject* logValue(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* logArgument(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* logRich(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* logBigInteger(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* markArgument(PyObject* object, PyObject*);
PyObject* setProbe(PyObject* object, PyObject* index);
PyObject* setOrdinal(PyObject* object, PyObject* ordinal);
PyObject* deferValue(PyObject* object, PyObject* name);
PyObject* provideValue(PyObject* object, PyObject* const* args, Py_ssize_t count);

// loops: loop_methods.cpp
PyObject* enterLoop(PyObject* object, PyObject* loop);
PyObject* stepLoop(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* nextPass(PyObject* object, PyObject* const* args, Py_ssize_t count, PyObject* keywords);
PyObject* leaveLoop(PyObject* object, PyObject* const* args, Py_ssize_t count);
PyObject* suspendLoop(PyObject* object, PyObject* token);
PyObject* selectStrand(PyObject* object, PyObject* strand);
PyObject* stackOf(PyObject* object, PyObject*);

// captures: capture_methods.cpp
PyObject* captureState(PyObject* object, PyObject* args, PyObject* keywords);
PyObject* settle(PyObject* object, PyObject* valid);
PyObject* reserve(PyObject* object, PyObject* bytes);

}  // namespace hindcast::python
