// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/recorder_methods.h"

#include "core/python/ext/convert.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {
/// Fills the request and keeps alive in `tensors` what its addresses point to.
bool requestOf(PyObject* args, PyObject* keywords, record::CaptureRequest& request, Ref& tensors) {
    static const char* const kNames[] = {"point", "how", "coords", "passes", "tensors", "meta", "stored", nullptr};
    unsigned char point = 0;
    unsigned char how = 0;
    PyObject* coordinates = nullptr;
    PyObject* list = nullptr;
    PyObject* meta = nullptr;
    unsigned long long passes = 0;
    int stored = 1;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "bbOKOSp", const_cast<char**>(kNames), &point, &how, &coordinates,
                                     &passes, &list, &meta, &stored)) {
        return false;
    }
    if (point > static_cast<unsigned char>(format::CapturePoint::End) ||
        how > static_cast<unsigned char>(format::LeaveReason::Exception)) {
        PyErr_SetString(PyExc_ValueError, "point or how is not one that the format knows");
        return false;
    }
    auto levels = coordinatesOf(coordinates);
    base::BytesView metaBytes;
    tensors = Ref(PySequence_Tuple(list));
    if (!levels || !tensors || !bytesOf(meta, metaBytes)) return false;
    const Py_ssize_t count = PyTuple_Size(tensors.get());
    request.tensors.reserve(static_cast<std::size_t>(count));
    for (Py_ssize_t i = 0; i < count; ++i) {
        auto view = tensorViewOf(PyTuple_GetItem(tensors.get(), i));
        if (!view) return false;
        request.tensors.push_back(std::move(*view));
    }
    request.point = static_cast<format::CapturePoint>(point);
    request.how = static_cast<format::LeaveReason>(how);
    request.coordinates = std::move(*levels);
    request.passes = passes;
    request.meta.assign(metaBytes.begin(), metaBytes.end());
    request.storeTensors = stored != 0;
    return true;
}

}  // namespace

PyObject* captureState(PyObject* object, PyObject* args, PyObject* keywords) {
    return guarded([&]() -> PyObject* {
        record::CaptureRequest request;
        Ref tensors;
        if (!requestOf(args, keywords, request, tensors)) return nullptr;
        Recorder* const recorder = self(object);
        if (recorder == nullptr) return PyLong_FromLong(-1);
        const std::int64_t number = [&] {
            const Unlocked unlocked;
            return recorder->capture(std::move(request));
        }();
        return PyLong_FromLongLong(number);
    });
}

PyObject* settle(PyObject* object, PyObject* valid) {
    const int wanted = PyObject_IsTrue(valid);
    if (wanted < 0) return nullptr;
    Recorder* const recorder = self(object);
    const bool kept = [&] {
        const Unlocked unlocked;
        return recorder == nullptr || recorder->settle(wanted != 0);
    }();
    return PyBool_FromLong(kept);
}

PyObject* reserve(PyObject* object, PyObject* bytes) {
    const std::size_t size = PyLong_AsSize_t(bytes);
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (Recorder* recorder = self(object)) recorder->prepareCaptures(size);
    return none();
}

}  // namespace hindcast::python
