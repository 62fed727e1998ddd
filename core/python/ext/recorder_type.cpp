// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/recorder_type.h"

#include <array>
#include <new>

#include "core/python/ext/convert.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {

struct RecorderObject {
    PyObject_HEAD std::unique_ptr<Recorder> recorder;
};

/// The type object, for isinstance checks. Lives as long as the process, like the module.
PyObject* g_recorderType = nullptr;

Recorder* self(PyObject* object) {
    return reinterpret_cast<RecorderObject*>(object)->recorder.get();
}
ThreadLog* logOf(PyObject* object) {
    Recorder* const recorder = self(object);
    return recorder != nullptr ? recorder->threadLog() : nullptr;
}

PyObject* none() {
    return newReference(Py_None);
}

PyObject* wrongCount(const char* call) {
    PyErr_Format(PyExc_TypeError, "wrong number of arguments: %s", call);
    return nullptr;
}

/// Runs a body on the calling thread's log with a name's number. Running out of memory must not reach the script: it
/// ends the recording instead.
template <class Body>
bool withName(PyObject* object, PyObject* name, Body&& body) {
    Recorder* const recorder = self(object);
    ThreadLog* const log = recorder != nullptr ? recorder->threadLog() : nullptr;
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

bool bytesOf(PyObject* object, base::BytesView& bytes) {
    char* data = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(object, &data, &size) != 0) return false;
    bytes = {reinterpret_cast<const std::byte*>(data), static_cast<std::size_t>(size)};
    return true;
}

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

PyObject* enterLoop(PyObject* object, PyObject* loop) {
    record::LoopToken token = 0;
    const bool done = withName(object, loop, [&token](ThreadLog& log, std::uint32_t name) {
        token = log.enter(name);
        return true;
    });
    return done ? PyLong_FromUnsignedLongLong(token) : nullptr;
}

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

PyObject* reserve(PyObject* object, PyObject* bytes) {
    const std::size_t size = PyLong_AsSize_t(bytes);
    if (PyErr_Occurred() != nullptr) return nullptr;
    if (Recorder* recorder = self(object)) recorder->prepareCaptures(size);
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

PyObject* g_waitNotice = nullptr;
std::uint64_t g_waitNoticed = 0;  ///< serial of the recorder that it was last called for

/// One entry of the name cache. It holds a reference, so that the address cannot become another str's.
struct CachedName {
    PyObject* name = nullptr;
    std::uint64_t recorder = 0;  ///< its serial number
    std::uint32_t number = 0;
};
constexpr std::size_t kCachedNames = 1024;
std::array<CachedName, kCachedNames> g_names;

}  // namespace

Recorder* recorderOf(PyObject* object) {
    const int is = object != nullptr && g_recorderType != nullptr ? PyObject_IsInstance(object, g_recorderType) : 0;
    if (is <= 0) {
        PyErr_Clear();
        return nullptr;
    }
    return self(object);
}

void yieldToDisk(Recorder& recorder, ThreadLog& log) {
    if (!log.crowded()) return;
    if (g_waitNotice != nullptr && g_waitNoticed != recorder.serial()) {
        g_waitNoticed = recorder.serial();
        log.clearCrowded();  // the notice may log
        const Ref told(PyObject_CallFunctionObjArgs(g_waitNotice, nullptr));
        PyErr_Clear();
    }
    const Unlocked unlocked;
    recorder.waitForRoom(log);
}

void setWaitNotice(PyObject* handler) {
    Ref before(std::exchange(g_waitNotice, handler));
}

bool nameNumber(Recorder& recorder, PyObject* name, std::uint32_t& number) {
    const auto address = reinterpret_cast<std::uintptr_t>(name);
    CachedName& cached = g_names[(address >> 4 ^ address >> 14) % kCachedNames];
    if (cached.name == name && cached.recorder == recorder.serial()) {
        number = cached.number;
        return true;
    }
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "a name must be a str");
        return false;
    }
    Ref holder;
    const auto text = utf8(name, holder);
    if (!text) return false;
    number = recorder.names().intern(*text);
    Ref before(std::exchange(cached.name, newReference(name)));
    cached.recorder = recorder.serial();
    cached.number = number;
    return true;
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
