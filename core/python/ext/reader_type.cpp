// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/reader_type.h"

#include <limits>
#include <memory>
#include <new>

#include "core/base/file.h"
#include "core/format/events/event_cursor.h"
#include "core/format/version_reader.h"
#include "core/python/ext/convert.h"

namespace hindcast::python {

using format::EventCursor;
using format::FrameKind;
using format::VersionReader;

namespace {

struct ReaderObject {
    PyObject_HEAD std::unique_ptr<VersionReader> reader;
};

VersionReader& self(PyObject* object) {
    return *reinterpret_cast<ReaderObject*>(object)->reader;
}

/// Which recorded values are asked for: all, or those whose outermost loop is at these passes.
struct Selection {
    std::optional<std::string> loop;
    std::uint32_t occurrence = 0;
    std::int64_t first = std::numeric_limits<std::int64_t>::min();
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
    int entries = 0;  ///< also a tuple without a name where an outermost loop begins

    bool has(std::span<const EventCursor::Level> stack) const {
        if (!loop) return true;
        if (stack.empty()) return false;
        const EventCursor::Level& outer = stack.front();
        return outer.loop == *loop && outer.occurrence == occurrence && outer.index >= first && outer.index <= last;
    }
};

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject* folder = nullptr;
    if (!PyArg_ParseTuple(args, "O&", PyUnicode_FSConverter, &folder)) return nullptr;
    const Ref holder(folder);
    return guarded([&]() -> PyObject* {
        auto reader = [&] {
            const char* const path = PyBytes_AsString(folder);
            const Unlocked unlocked;
            return VersionReader::open(path);
        }();
        if (!reader) return raise(reader.error());
        const auto allocate = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
        PyObject* const object = allocate(type, 0);
        if (object == nullptr) return nullptr;
        new (&reinterpret_cast<ReaderObject*>(object)->reader)
            std::unique_ptr<VersionReader>(new VersionReader(*std::move(reader)));
        return object;
    });
}

void destroy(PyObject* object) {
    reinterpret_cast<ReaderObject*>(object)->reader.~unique_ptr();
    PyTypeObject* const type = Py_TYPE(object);
    reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

PyObject* run(PyObject* object, PyObject*) {
    return guarded([&]() -> PyObject* {
        const auto json = base::readTextFile(self(object).folder() / "run.json");
        return json ? toPython(base::bytesOf(*json)) : raise(json.error());
    });
}

PyObject* refresh(PyObject* object, PyObject*) {
    return guarded([&]() -> PyObject* {
        const auto done = self(object).refresh();
        return done ? newReference(Py_None) : raise(done.error());
    });
}

PyObject* captures(PyObject* object, PyObject*) {
    return guarded([&]() -> PyObject* {
        Ref list(PyList_New(0));
        unsigned long long number = 0;
        for (const auto& entry : self(object).captures()) {
            const Ref item(Py_BuildValue(
                "{sKsIsIsNsKsOsKsL}", "n", number++, "point", static_cast<unsigned>(entry.point), "how",
                static_cast<unsigned>(entry.how), "coords", toPython(entry.coordinates), "passes",
                static_cast<unsigned long long>(entry.passes), "stored", entry.tensorsStored ? Py_True : Py_False,
                "offset", static_cast<unsigned long long>(entry.offset), "stamp", static_cast<long long>(entry.stamp)));
            if (!list || !item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
        }
        return list.release();
    });
}

PyObject* tensorTuple(const format::TensorRecord& tensor) {
    Ref shape(PyTuple_New(static_cast<Py_ssize_t>(tensor.shape.size())));
    if (!shape) return nullptr;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        PyObject* const extent = PyLong_FromUnsignedLongLong(tensor.shape[i]);
        if (extent == nullptr || PyTuple_SetItem(shape.get(), static_cast<Py_ssize_t>(i), extent) != 0) return nullptr;
    }
    return Py_BuildValue("(NINKNI)", toPython(tensor.key), static_cast<unsigned>(tensor.dtype), shape.release(),
                         static_cast<unsigned long long>(tensor.rawBytes),
                         toPython(base::BytesView(std::as_bytes(std::span(tensor.digest.bytes)))),
                         static_cast<unsigned>(tensor.state));
}

PyObject* capture(PyObject* object, PyObject* number) {
    const std::size_t n = PyLong_AsSize_t(number);
    if (PyErr_Occurred() != nullptr) return nullptr;
    return guarded([&]() -> PyObject* {
        const auto record = self(object).capture(n);
        if (!record) return raise(record.error());
        Ref tensors(PyList_New(0));
        for (const format::TensorRecord& tensor : record->tensors) {
            const Ref item(tensorTuple(tensor));
            if (!tensors || !item || PyList_Append(tensors.get(), item.get()) != 0) return nullptr;
        }
        return Py_BuildValue("(NN)", toPython(base::BytesView(record->meta)), tensors.release());
    });
}

PyObject* readTensor(PyObject* object, PyObject* args) {
    unsigned long long number = 0;
    unsigned long long index = 0;
    unsigned long long address = 0;
    unsigned long long bytes = 0;
    if (!PyArg_ParseTuple(args, "KKKK", &number, &index, &address, &bytes)) return nullptr;
    return guarded([&]() -> PyObject* {
        VersionReader& reader = self(object);
        const auto record = reader.capture(static_cast<std::size_t>(number));
        if (!record) return raise(record.error());
        if (index >= record->tensors.size())
            return raise(base::Error(base::ErrorCode::InvalidArgument, "there is no such tensor"));
        const std::span<std::byte> out(reinterpret_cast<std::byte*>(static_cast<std::uintptr_t>(address)),
                                       static_cast<std::size_t>(bytes));
        const auto done = [&] {
            const Unlocked unlocked;
            return reader.readTensor(record->tensors[static_cast<std::size_t>(index)], out);
        }();
        return done ? newReference(Py_None) : raise(done.error());
    });
}

/// Big integers beyond Python's limit for decimal text stay text.
PyObject* bigInteger(std::string_view digits) {
    const std::string text(digits);
    PyObject* const number = PyLong_FromString(text.c_str(), nullptr, 10);
    if (number != nullptr) return number;
    PyErr_Clear();
    return toPython(digits);
}

PyObject* valueOf(const EventCursor& cursor) {
    switch (cursor.type()) {
        case EventCursor::ValueType::None:
            return newReference(Py_None);
        case EventCursor::ValueType::Bool:
            return PyBool_FromLong(cursor.boolean());
        case EventCursor::ValueType::Integer:
            return PyLong_FromLongLong(cursor.integer());
        case EventCursor::ValueType::Number:
            return PyFloat_FromDouble(cursor.number());
        case EventCursor::ValueType::Text:
            return toPython(cursor.text());
        case EventCursor::ValueType::BigInteger:
            return bigInteger(cursor.text());
        case EventCursor::ValueType::Rich:
            break;
    }
    return toPython(base::bytesOf(cursor.text()));
}

PyObject* stackOf(std::span<const EventCursor::Level> stack) {
    format::Coordinates coordinates;
    for (const auto& level : stack) coordinates.push_back({std::string(level.loop), level.occurrence, level.index});
    return toPython(coordinates);
}

/// Appends the mark of an outermost loop that begins; false with an exception.
bool appendEntry(const EventCursor& cursor, PyObject* list) {
    const Ref coordinates(stackOf(cursor.stack()));
    if (!coordinates) return false;
    const Ref item(Py_BuildValue("(OOiOOI)", coordinates.get(), Py_None, 0, Py_None, Py_False,
                                 static_cast<unsigned>(cursor.thread())));
    return item && PyList_Append(list, item.get()) == 0;
}

/// Appends the selected values of one block; false with an exception.
bool appendValues(EventCursor& cursor, const Selection& selection, PyObject* list) {
    std::vector<Ref> names;
    Ref coordinates;
    std::uint64_t serial = 0;
    bool selected = false;
    while (cursor.next()) {
        if (cursor.kind() == EventCursor::Kind::Enter && cursor.stack().size() == 1 && selection.entries != 0 &&
            !appendEntry(cursor, list))
            return false;
        if (cursor.kind() != EventCursor::Kind::Logged) continue;
        if (serial != cursor.stackSerial()) {
            serial = cursor.stackSerial();
            selected = selection.has(cursor.stack());
            if (selected) coordinates = Ref(stackOf(cursor.stack()));
        }
        if (!selected) continue;
        if (names.size() <= cursor.nameIndex()) names.resize(cursor.nameIndex() + std::size_t{1});
        Ref& name = names[cursor.nameIndex()];
        if (!name) name = Ref(toPython(cursor.name()));
        if (!name || !coordinates) return false;
        const Ref item(Py_BuildValue("(OOINOI)", coordinates.get(), name.get(), cursor.ordinal(), valueOf(cursor),
                                     cursor.isArgument() ? Py_True : Py_False, static_cast<unsigned>(cursor.thread())));
        if (!item || PyList_Append(list, item.get()) != 0) return false;
    }
    const auto finished = cursor.finish();
    if (!finished) raise(finished.error());
    return finished.has_value();
}

bool selectionOf(PyObject* args, PyObject* keywords, Selection& selection) {
    static const char* const kNames[] = {"loop", "occurrence", "first", "last", "entries", nullptr};
    PyObject* loop = Py_None;
    PyObject* first = Py_None;
    PyObject* last = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|OIOOp", const_cast<char**>(kNames), &loop, &selection.occurrence,
                                     &first, &last, &selection.entries))
        return false;
    if (loop != Py_None) {
        auto name = textOf(loop, "loop");
        if (!name) return false;
        selection.loop = std::move(*name);
    }
    if (first != Py_None) selection.first = PyLong_AsLongLong(first);
    if (last != Py_None) selection.last = PyLong_AsLongLong(last);
    return PyErr_Occurred() == nullptr;
}

PyObject* values(PyObject* object, PyObject* args, PyObject* keywords) {
    return guarded([&]() -> PyObject* {
        Selection selection;
        if (!selectionOf(args, keywords, selection)) return nullptr;
        const auto payloads = self(object).payloads(FrameKind::Events);
        if (!payloads) return raise(payloads.error());
        Ref list(PyList_New(0));
        if (!list) return nullptr;
        for (const base::Bytes& payload : *payloads) {
            auto cursor = EventCursor::open(payload);
            if (!cursor) return raise(cursor.error());
            if (!appendValues(*cursor, selection, list.get())) return nullptr;
        }
        return list.release();
    });
}

PyObject* frames(PyObject* object, PyObject* kind) {
    const long number = PyLong_AsLong(kind);
    if (number == -1 && PyErr_Occurred() != nullptr) return nullptr;
    return guarded([&]() -> PyObject* {
        const auto payloads = self(object).payloads(static_cast<FrameKind>(number));
        if (!payloads) return raise(payloads.error());
        Ref list(PyList_New(0));
        for (const base::Bytes& payload : *payloads) {
            const Ref item(toPython(base::BytesView(payload)));
            if (!list || !item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
        }
        return list.release();
    });
}

PyMethodDef g_methods[] = {
    {"run", run, METH_NOARGS, "run() -> bytes of run.json"},
    {"refresh", refresh, METH_NOARGS, "reads what was written since the last call"},
    {"captures", captures, METH_NOARGS, "captures() -> list of {n, point, how, coords, passes, stored, offset, stamp}"},
    {"capture", capture, METH_O, "capture(n) -> (meta, [(key, dtype, shape, nbytes, digest, state)])"},
    {"read_tensor", readTensor, METH_VARARGS, "read_tensor(n, index, address, nbytes): fills memory, verified"},
    {"values", asMethod(values), METH_VARARGS | METH_KEYWORDS,
     "values(loop=None, occurrence=0, first=None, last=None, entries=False) -> [(coords, name, ordinal, value, is_arg, "
     "thread)]; with entries the name is None where an outermost loop begins"},
    {"frames", frames, METH_O, "frames(kind) -> payloads of NOTE (3), FIDELITY (5) or END (6) frames"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

PyObject* makeReaderType() {
    static PyType_Slot slots[] = {
        {Py_tp_new, reinterpret_cast<void*>(create)},
        {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
        {Py_tp_methods, g_methods},
        {Py_tp_doc, const_cast<char*>("Reader(folder): reads one recorded version or replay")},
        {0, nullptr},
    };
    static PyType_Spec spec = {"hindcast._native.Reader", sizeof(ReaderObject), 0, Py_TPFLAGS_DEFAULT, slots};
    return PyType_FromSpec(&spec);
}

}  // namespace hindcast::python
