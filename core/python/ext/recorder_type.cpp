// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/recorder_type.h"

#include <new>

#include "core/python/ext/convert.h"
#include "core/python/ext/recorder_methods.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {

/// The type object, for isinstance checks. Lives as long as the process, like the module.
PyObject* g_recorderType = nullptr;

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* const kNames[] = {"folder",      "run_json",       "flush_seconds", "sync_seconds",
                                         "queue_bytes", "system_seconds", nullptr};
    PyObject* folder = nullptr;
    PyObject* runJson = nullptr;
    record::RecorderOptions options;
    unsigned long long queueBytes = options.queueBytes;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O&S|ddKd", const_cast<char**>(kNames), PyUnicode_FSConverter,
                                     &folder, &runJson, &options.flushSeconds, &options.syncSeconds, &queueBytes,
                                     &options.systemSeconds)) {
        return nullptr;
    }
    const Ref folderHolder(folder);
    return guarded([&]() -> PyObject* {
        options.folder = PyBytes_AsString(folder);
        base::BytesView json;
        if (!bytesOf(runJson, json)) return nullptr;
        options.runJson = base::textOf(json);
        options.queueBytes = static_cast<std::size_t>(queueBytes);
        auto created = [&] {
            const Unlocked unlocked;
            return Recorder::create(options);
        }();
        if (!created) {
            PyErr_SetString(PyExc_RuntimeError, created.error().text().c_str());
            return nullptr;
        }
        const auto allocate = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
        PyObject* const object = allocate(type, 0);
        if (object == nullptr) return nullptr;
        new (&reinterpret_cast<RecorderObject*>(object)->recorder) std::unique_ptr<Recorder>(*std::move(created));
        return object;
    });
}

void destroy(PyObject* object) {
    {
        // Ending the background thread may take as long as a disk does.
        std::unique_ptr<Recorder> recorder = std::move(reinterpret_cast<RecorderObject*>(object)->recorder);
        const Unlocked unlocked;
        recorder.reset();
    }
    reinterpret_cast<RecorderObject*>(object)->recorder.~unique_ptr();
    PyTypeObject* const type = Py_TYPE(object);
    reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

template <class Send>
PyObject* sendDocument(PyObject* object, PyObject* json, Send&& send) {
    return guarded([&]() -> PyObject* {
        base::BytesView bytes;
        if (!bytesOf(json, bytes)) return nullptr;
        if (Recorder* recorder = self(object)) send(*recorder, std::string(base::textOf(bytes)));
        return none();
    });
}

PyObject* note(PyObject* object, PyObject* json) {
    return sendDocument(object, json, [](Recorder& recorder, std::string text) { recorder.note(std::move(text)); });
}

PyObject* fidelity(PyObject* object, PyObject* json) {
    return sendDocument(object, json, [](Recorder& recorder, std::string text) { recorder.fidelity(std::move(text)); });
}

PyObject* closeRecorder(PyObject* object, PyObject* json) {
    return sendDocument(object, json, [](Recorder& recorder, std::string text) {
        const Unlocked unlocked;
        recorder.close(std::move(text));
    });
}

PyObject* flush(PyObject* object, PyObject* durable) {
    const int wanted = PyObject_IsTrue(durable);
    if (wanted < 0) return nullptr;
    if (Recorder* recorder = self(object)) {
        const Unlocked unlocked;
        recorder->flush(wanted != 0);
    }
    return none();
}

PyObject* detach(PyObject* object, PyObject*) {
    // In a forked child the destructor leaves everything alone that belongs to the parent's threads.
    reinterpret_cast<RecorderObject*>(object)->recorder.reset();
    return none();
}

PyObject* stats(PyObject* object, PyObject*) {
    record::RecorderStats stats;
    if (Recorder* recorder = self(object)) stats = recorder->stats();
    return Py_BuildValue(
        "{sLsLsKsKsKsKsKsKsK}", "blocked_ns", static_cast<long long>(stats.blockedNanos), "log_waited_ns",
        static_cast<long long>(stats.logWaitedNanos), "captures", static_cast<unsigned long long>(stats.captures),
        "captures_skipped", static_cast<unsigned long long>(stats.capturesSkipped), "values",
        static_cast<unsigned long long>(stats.values), "bytes_raw", static_cast<unsigned long long>(stats.bytesRaw),
        "bytes_reused", static_cast<unsigned long long>(stats.bytesReused), "bytes_stored",
        static_cast<unsigned long long>(stats.bytesStored), "queue_peak",
        static_cast<unsigned long long>(stats.queuePeak));
}

PyObject* failure(PyObject* object, PyObject*) {
    return guarded([&]() -> PyObject* {
        Recorder* const recorder = self(object);
        const auto reason = recorder != nullptr ? recorder->failure() : std::nullopt;
        return reason ? toPython(*reason) : none();
    });
}

PyMethodDef g_methods[] = {
    {"log", asMethod(logValue), METH_FASTCALL,
     "log(name, value) -> bool: records a float, int, bool, None or str; False: not one of these"},
    {"log_arg", asMethod(logArgument), METH_FASTCALL,
     "log_arg(name, value) -> bool: the same for an argument of the run"},
    {"log_rich", asMethod(logRich), METH_FASTCALL, "log_rich(name, cbor): an array, histogram, matrix or image"},
    {"log_bigint", asMethod(logBigInteger), METH_FASTCALL, "log_bigint(name, digits): an integer beyond 64 bits"},
    {"mark_arg", markArgument, METH_NOARGS, "the next value of this thread is an argument"},
    {"set_probe", setProbe, METH_O,
     "set_probe(index): values of this thread come from this probe; -1: from the script"},
    {"set_ordinal", setOrdinal, METH_O, "set_ordinal(n): ordinal of this thread's next value"},
    {"enter", enterLoop, METH_O, "enter(loop) -> token: this thread enters a loop"},
    {"step", asMethod(stepLoop), METH_FASTCALL,
     "step(token, label=None): the next pass of that loop begins; loops left open inside it are left"},
    {"next", asMethod(nextPass), METH_FASTCALL | METH_KEYWORDS,
     "next(index=None, label=None): the next pass of the innermost loop begins"},
    {"leave", asMethod(leaveLoop), METH_FASTCALL,
     "leave(how, token=None): 0 exhausted, 1 break, 2 return, 3 exception; the innermost loop, or that of the token "
     "with "
     "those open inside it"},
    {"strand", selectStrand, METH_O, "strand(n): this thread logs as its strand n from here on; 0: as itself"},
    {"suspend", suspendLoop, METH_O,
     "suspend(token): that loop and those inside it are left for now; step() may still come"},
    {"defer", deferValue, METH_O, "defer(name) -> ticket: a value stands here that is not known yet"},
    {"provide", asMethod(provideValue), METH_FASTCALL,
     "provide(ticket, value): the deferred value is this float, 64-bit int, bool or CBOR; None: it is lost"},
    {"stack", stackOf, METH_NOARGS, "stack() -> list of (loop, occurrence, index), outermost first"},
    {"capture", asMethod(captureState), METH_VARARGS | METH_KEYWORDS,
     "capture(point, how, coords, passes, tensors, meta, stored) -> number of the capture, -1 when it was skipped"},
    {"settle", settle, METH_O,
     "settle(valid) -> bool: waits for the lazy tensors of the last capture; False: it was given up, because they "
     "changed"},
    {"reserve", reserve, METH_O, "reserve(nbytes): has memory for captures of this size ready, in the background"},
    {"note", note, METH_O, "note(json: bytes)"},
    {"fidelity", fidelity, METH_O, "fidelity(json: bytes)"},
    {"flush", flush, METH_O, "flush(durable): waits until everything so far is with the kernel, or on disk"},
    {"close", closeRecorder, METH_O, "close(end_json: bytes): writes what is left, END and the seal"},
    {"detach", detach, METH_NOARGS, "in a forked child: forget the recording"},
    {"stats", stats, METH_NOARGS, "stats() -> dict"},
    {"failure", failure, METH_NOARGS, "failure() -> the reason why recording stopped, or None"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

PyObject* wrongCount(const char* call) {
    PyErr_Format(PyExc_TypeError, "wrong number of arguments: %s", call);
    return nullptr;
}

bool bytesOf(PyObject* object, base::BytesView& bytes) {
    char* data = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(object, &data, &size) != 0) return false;
    bytes = {reinterpret_cast<const std::byte*>(data), static_cast<std::size_t>(size)};
    return true;
}

Recorder* recorderOf(PyObject* object) {
    const int is = object != nullptr && g_recorderType != nullptr ? PyObject_IsInstance(object, g_recorderType) : 0;
    if (is <= 0) {
        PyErr_Clear();
        return nullptr;
    }
    return self(object);
}

PyObject* makeRecorderType() {
    static PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(create)},
        {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
        {Py_tp_methods, g_methods},
        {Py_tp_doc, const_cast<char*>(
                        "Recorder(folder, run_json, flush_seconds, sync_seconds, queue_bytes): records one version")},
        {0, nullptr},
    };
    static PyType_Spec spec = {"hindcast._native.Recorder", sizeof(RecorderObject), 0, Py_TPFLAGS_DEFAULT, slots};
    g_recorderType = PyType_FromSpec(&spec);
    return g_recorderType;
}

}  // namespace hindcast::python
