// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "core/base/clock.h"
#include "core/format/digest.h"
#include "core/format/journal/journal_writer.h"
#include "core/python/ext/cbor_reader.h"
#include "core/python/ext/cbor_writer.h"
#include "core/python/ext/convert.h"
#include "core/python/ext/reader_type.h"
#include "core/python/ext/recorder_type.h"

// hindcast._native: what of the recorder has to be fast or has to touch files. The rest is Python, in
// core/python/hindcast.

namespace hindcast::python {

namespace {

// One recording at a time is the current one. Guarded by the interpreter's lock, like all that follows.
PyObject* g_current = nullptr;
record::Recorder* g_recorder = nullptr;
PyObject* g_slowLog = nullptr;

/// What log() does for everything that is not a plain value logged to a running recorder.
PyObject* logSlowly(PyObject* name, PyObject* value) {
    if (g_slowLog == nullptr) return newReference(value);
    return PyObject_CallFunctionObjArgs(g_slowLog, name, value, nullptr);
}

PyObject* logNamed(PyObject* name, PyObject* value) {
    if (g_recorder == nullptr) return logSlowly(name, value);
    record::ThreadLog* const log = g_recorder->threadLog();
    if (log == nullptr) return newReference(value);
    try {
        std::uint32_t number = 0;
        if (!nameNumber(*g_recorder, name, number)) return nullptr;
        if (logScalar(*log, number, value)) {
            if (log->crowded()) {
                const Ref held(newReference(g_current));
                yieldToDisk(*g_recorder, *log);
            }
            return newReference(value);
        }
    } catch (const std::exception& exception) {
        g_recorder->disable(std::string("the recorder failed: ") + exception.what());
        return newReference(value);
    }
    return logSlowly(name, value);
}

/// log(name, value) -> value
PyObject* log(PyObject*, PyObject* const* args, Py_ssize_t count, PyObject* keywords) {
    if (count == 2 && keywords == nullptr) return logNamed(args[0], args[1]);
    PyObject* values[2] = {nullptr, nullptr};
    const Py_ssize_t named = keywords != nullptr ? PyTuple_Size(keywords) : 0;
    for (Py_ssize_t i = 0; i < count && i < 2; ++i) values[i] = args[i];
    bool known = count + named == 2;
    for (Py_ssize_t i = 0; i < named && known; ++i) {
        PyObject* const keyword = PyTuple_GetItem(keywords, i);
        const bool isName = PyUnicode_CompareWithASCIIString(keyword, "name") == 0;
        known = isName || PyUnicode_CompareWithASCIIString(keyword, "value") == 0;
        values[isName ? 0 : 1] = args[count + i];
    }
    if (!known || values[0] == nullptr || values[1] == nullptr) {
        PyErr_SetString(PyExc_TypeError, "log() takes a name and a value");
        return nullptr;
    }
    return logNamed(values[0], values[1]);
}

PyObject* setSlowLog(PyObject*, PyObject* handler) {
    Ref before(std::exchange(g_slowLog, handler == Py_None ? nullptr : newReference(handler)));
    return newReference(Py_None);
}

PyObject* waitNotice(PyObject*, PyObject* handler) {
    setWaitNotice(handler == Py_None ? nullptr : newReference(handler));
    return newReference(Py_None);
}

PyObject* setCurrent(PyObject*, PyObject* recorder) {
    record::Recorder* const native = recorderOf(recorder);
    if (native == nullptr && recorder != Py_None) {
        PyErr_SetString(PyExc_TypeError, "set_current() takes a Recorder or None");
        return nullptr;
    }
    Ref before(std::exchange(g_current, native == nullptr ? nullptr : newReference(recorder)));
    g_recorder = native;
    return newReference(Py_None);
}

/// digest([(address, nbytes), …]) -> [16 bytes, …]
PyObject* digest(PyObject*, PyObject* list) {
    return guarded([&]() -> PyObject* {
        const Ref items(PySequence_Tuple(list));
        if (!items) return nullptr;
        std::vector<base::BytesView> views;
        for (Py_ssize_t i = 0; i < PyTuple_Size(items.get()); ++i) {
            unsigned long long address = 0;
            unsigned long long bytes = 0;
            const Ref pair(PySequence_Tuple(PyTuple_GetItem(items.get(), i)));
            if (!pair || !PyArg_ParseTuple(pair.get(), "KK", &address, &bytes)) return nullptr;
            views.emplace_back(reinterpret_cast<const std::byte*>(static_cast<std::uintptr_t>(address)),
                               static_cast<std::size_t>(bytes));
        }
        std::vector<format::Digest> digests(views.size());
        {
            const Unlocked unlocked;
            for (std::size_t i = 0; i < views.size(); ++i) digests[i] = format::digest128(views[i]);
        }
        Ref result(PyList_New(0));
        for (const format::Digest& value : digests) {
            const Ref bytes(toPython(base::BytesView(std::as_bytes(std::span(value.bytes)))));
            if (!result || !bytes || PyList_Append(result.get(), bytes.get()) != 0) return nullptr;
        }
        return result.release();
    });
}

base::Result<void> writePack(const std::string& path, const base::Uuid& uuid, const std::vector<base::Bytes>& files) {
    const format::JournalHeader header{format::JournalType::SourcePack, uuid, base::wallClockMicros()};
    HINDCAST_ASSIGN(format::JournalWriter writer, format::JournalWriter::create(path, header));
    for (const base::Bytes& file : files) HINDCAST_TRY(writer.append(format::FrameKind::File, file));
    HINDCAST_TRY(writer.seal());
    HINDCAST_TRY(writer.sync());
    return writer.close();
}

/// write_source_pack(path, uuid, [(name, mode, content), …])
PyObject* writeSourcePack(PyObject*, PyObject* args) {
    PyObject* path = nullptr;
    const char* uuidText = nullptr;
    PyObject* list = nullptr;
    if (!PyArg_ParseTuple(args, "O&sO", PyUnicode_FSConverter, &path, &uuidText, &list)) return nullptr;
    const Ref pathHolder(path);
    return guarded([&]() -> PyObject* {
        const auto uuid = base::Uuid::parse(uuidText);
        if (!uuid) return raise(base::Error(base::ErrorCode::InvalidArgument, "not a uuid"));
        const Ref items(PySequence_Tuple(list));
        if (!items) return nullptr;
        std::vector<base::Bytes> files;
        for (Py_ssize_t i = 0; i < PyTuple_Size(items.get()); ++i) {
            PyObject* name = nullptr;
            unsigned int mode = 0;
            const char* content = nullptr;
            Py_ssize_t size = 0;
            if (!PyArg_ParseTuple(PyTuple_GetItem(items.get(), i), "UIy#", &name, &mode, &content, &size))
                return nullptr;
            const auto text = textOf(name, "the name of a file");
            if (!text) return nullptr;
            base::ByteWriter file;
            file.putText(*text);
            file.putVarint(mode);
            file.putBytes({reinterpret_cast<const std::byte*>(content), static_cast<std::size_t>(size)});
            files.push_back(file.take());
        }
        const auto written = [&] {
            const std::string target = PyBytes_AsString(path);
            const Unlocked unlocked;
            return writePack(target, *uuid, files);
        }();
        return written ? newReference(Py_None) : raise(written.error());
    });
}

PyMethodDef g_functions[] = {
    {"log", asMethod(log), METH_FASTCALL | METH_KEYWORDS,
     "log(name, value) -> value\n\nRecords a value at this place of the run and returns it."},
    {"set_slow_log", setSlowLog, METH_O,
     "set_slow_log(handler): handler(name, value) -> value for what log() cannot record by itself"},
    {"set_wait_notice", waitNotice, METH_O,
     "set_wait_notice(handler): handler() is called when a recording has to wait for the disk for the first time"},
    {"set_current", setCurrent, METH_O, "set_current(recorder or None): where log() records"},
    {"decode_cbor", decodeCbor, METH_VARARGS,
     "decode_cbor(data, tag, deque) -> value of one CBOR item; tag(number, value) makes what has no type of its own"},
    {"encode_cbor", encodeCbor, METH_VARARGS,
     "encode_cbor(value, tag, deque) -> bytes of one CBOR item; objects of the type `tag` are their .tag and .value"},
    {"digest", digest, METH_O, "digest([(address, nbytes)]) -> [XXH3-128, canonical bytes]"},
    {"write_source_pack", writeSourcePack, METH_VARARGS,
     "write_source_pack(path, uuid, [(name, mode, content)]): the sources of a version, for when there is no hindcast "
     "program"},
    {nullptr, nullptr, 0, nullptr},
};

/// A free-threaded interpreter has no lock to guard the state above. Null means "go on".
const char* refusal() {
    const Ref sys(PyImport_ImportModule("sys"));
    const Ref flags(sys ? PyObject_GetAttrString(sys.get(), "abiflags") : nullptr);
    PyErr_Clear();
    if (!flags || !PyUnicode_Check(flags.get())) return nullptr;
    Ref holder;
    const auto text = utf8(flags.get(), holder);
    if (text && text->find('t') != std::string_view::npos) {
        return "hindcast does not support free-threaded Python yet: use the ordinary build of this interpreter";
    }
    return nullptr;
}

int execute(PyObject* module) {
    if (const char* reason = refusal()) {
        PyErr_SetString(PyExc_ImportError, reason);
        return -1;
    }
    Ref recorderType(makeRecorderType());
    if (!recorderType || PyModule_AddObject(module, "Recorder", newReference(recorderType.get())) != 0) return -1;
    Ref readerType(makeReaderType());
    if (!readerType || PyModule_AddObject(module, "Reader", newReference(readerType.get())) != 0) return -1;
    return PyModule_AddIntConstant(module, "FORMAT", 1);
}

PyModuleDef_Slot g_slots[] = {{Py_mod_exec, reinterpret_cast<void*>(execute)}, {0, nullptr}};

PyModuleDef g_module = {
    PyModuleDef_HEAD_INIT,
    "hindcast._native",
    "The native part of Hindcast's recorder.",
    0,
    g_functions,
    g_slots,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

}  // namespace hindcast::python

PyMODINIT_FUNC PyInit__native() {
    return PyModuleDef_Init(&hindcast::python::g_module);
}
