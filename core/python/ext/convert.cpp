// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/convert.h"

#include "core/python/ext/scalar_types.h"

namespace hindcast::python {

using base::ErrorCode;

static PyObject* exceptionFor(ErrorCode code) {
    switch (code) {
        case ErrorCode::NotFound:
            return PyExc_FileNotFoundError;
        case ErrorCode::InvalidArgument:
        case ErrorCode::Parse:
        case ErrorCode::Damaged:
            return PyExc_ValueError;
        case ErrorCode::Io:
        case ErrorCode::DiskFull:
        case ErrorCode::Busy:
            return PyExc_OSError;
        case ErrorCode::Refused:
            return PyExc_PermissionError;
        case ErrorCode::NewerFormat:
        case ErrorCode::Environment:
        case ErrorCode::Conflict:
        case ErrorCode::NothingToDo:
        case ErrorCode::Cancelled:
        case ErrorCode::Internal:
            break;
    }
    return PyExc_RuntimeError;
}

PyObject* raise(const base::Error& error) {
    const std::string text = (error.code() == ErrorCode::Damaged ? "damaged: " : "") + error.text();
    PyErr_SetString(exceptionFor(error.code()), text.c_str());
    return nullptr;
}

PyObject* raise(const std::exception& exception) {
    if (dynamic_cast<const std::bad_alloc*>(&exception) != nullptr) return PyErr_NoMemory();
    PyErr_SetString(PyExc_RuntimeError, exception.what());
    return nullptr;
}

std::optional<std::string_view> utf8(PyObject* text, Ref& holder) {
    Py_ssize_t size = 0;
    if (const char* direct = PyUnicode_AsUTF8AndSize(text, &size))
        return std::string_view(direct, static_cast<std::size_t>(size));
    PyErr_Clear();
    holder = Ref(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"));
    char* bytes = nullptr;
    if (!holder || PyBytes_AsStringAndSize(holder.get(), &bytes, &size) != 0) return std::nullopt;
    return std::string_view(bytes, static_cast<std::size_t>(size));
}

std::optional<std::string> textOf(PyObject* text, const char* what) {
    if (text == nullptr || !PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "%s must be a str", what);
        return std::nullopt;
    }
    Ref holder;
    const auto view = utf8(text, holder);
    if (!view) return std::nullopt;
    return std::string(*view);
}

PyObject* toPython(std::string_view text) {
    return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
}

PyObject* toPython(base::BytesView bytes) {
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(bytes.data()),
                                     static_cast<Py_ssize_t>(bytes.size()));
}

static bool logInteger(record::ThreadLog& log, std::uint32_t name, PyObject* value) {
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow != 0) return false;
    log.integer(name, number);
    return true;
}

static bool logText(record::ThreadLog& log, std::uint32_t name, PyObject* value) {
    Ref holder;
    const auto text = utf8(value, holder);
    if (!text || text->size() > kLargestValueBytes) {
        PyErr_Clear();
        return false;
    }
    log.text(name, *text);
    return true;
}

static bool logNumPyScalar(record::ThreadLog& log, std::uint32_t name, PyObject* value) {
    switch (scalarKindOf(value)) {
        case ScalarKind::Real: {
            const double number = PyFloat_AsDouble(value);
            if (number == -1.0 && PyErr_Occurred() != nullptr) break;
            log.number(name, number);
            return true;
        }
        case ScalarKind::Whole: {
            const Ref whole(PyNumber_Index(value));
            if (!whole) break;
            return logInteger(log, name, whole.get());
        }
        case ScalarKind::Truth: {
            const int truth = PyObject_IsTrue(value);
            if (truth < 0) break;
            log.boolean(name, truth != 0);
            return true;
        }
        case ScalarKind::Other:
            break;
    }
    PyErr_Clear();
    return false;
}

bool logScalar(record::ThreadLog& log, std::uint32_t name, PyObject* value) {
    // PyFloat_Check also takes subclasses (numpy.float64), whose numbers are what is logged.
    if (PyFloat_Check(value)) {
        log.number(name, PyFloat_AsDouble(value));
        return true;
    }
    if (value == Py_True || value == Py_False) {
        log.boolean(name, value == Py_True);
        return true;
    }
    if (PyLong_Check(value)) return logInteger(log, name, value);
    if (value == Py_None) {
        log.none(name);
        return true;
    }
    if (PyUnicode_Check(value)) return logText(log, name, value);
    return logNumPyScalar(log, name, value);
}

PyObject* toPython(const format::Coordinates& coordinates) {
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (const format::LoopLevel& level : coordinates) {
        const Ref item(
            Py_BuildValue("(NIL)", toPython(level.loop), level.occurrence, static_cast<long long>(level.index)));
        if (!item || PyList_Append(list.get(), item.get()) != 0) return nullptr;
    }
    return list.release();
}

std::optional<format::Coordinates> coordinatesOf(PyObject* list) {
    const Ref items(PySequence_Tuple(list));
    if (!items) return std::nullopt;
    format::Coordinates coordinates;
    for (Py_ssize_t i = 0; i < PyTuple_Size(items.get()); ++i) {
        PyObject* loop = nullptr;
        unsigned int occurrence = 0;
        long long index = 0;
        const Ref level(PySequence_Tuple(PyTuple_GetItem(items.get(), i)));
        if (!level || !PyArg_ParseTuple(level.get(), "UIL", &loop, &occurrence, &index)) return std::nullopt;
        auto name = textOf(loop, "the name of a loop");
        if (!name) return std::nullopt;
        coordinates.push_back({std::move(*name), occurrence, index});
    }
    return coordinates;
}

static bool shapeOf(PyObject* sequence, std::vector<std::uint64_t>& shape) {
    const Ref items(PySequence_Tuple(sequence));
    if (!items) return false;
    for (Py_ssize_t i = 0; i < PyTuple_Size(items.get()); ++i) {
        const unsigned long long extent = PyLong_AsUnsignedLongLong(PyTuple_GetItem(items.get(), i));
        if (PyErr_Occurred() != nullptr) return false;
        shape.push_back(extent);
    }
    return true;
}

std::optional<record::TensorView> tensorViewOf(PyObject* tuple) {
    PyObject* key = nullptr;
    PyObject* shape = nullptr;
    PyObject* keepAlive = nullptr;
    unsigned int dtype = 0;
    unsigned long long address = 0;
    unsigned long long bytes = 0;
    record::TensorView view;
    unsigned long long stream = 0;
    unsigned long long content = 0;
    int lazy = 0;
    if (!PyTuple_Check(tuple)) {
        PyErr_SetString(PyExc_TypeError, "a tensor is a tuple (key, dtype, shape, address, bytes, owner)");
        return std::nullopt;
    }
    if (!PyArg_ParseTuple(tuple, "UIOKKO|iKKp", &key, &dtype, &shape, &address, &bytes, &keepAlive, &view.device,
                          &stream, &content, &lazy))
        return std::nullopt;
    const auto type = dtype <= 255 ? format::dtypeOf(static_cast<std::uint8_t>(dtype)) : std::nullopt;
    auto name = textOf(key, "the key of a tensor");
    if (!type || !name || (address == 0 && bytes != 0)) {
        if (PyErr_Occurred() == nullptr)
            PyErr_SetString(PyExc_ValueError, "a tensor has no address or a dtype that the format does not know");
        return std::nullopt;
    }
    if (!shapeOf(shape, view.shape)) return std::nullopt;
    view.key = std::move(*name);
    view.dtype = *type;
    view.address = static_cast<std::uintptr_t>(address);
    view.bytes = static_cast<std::size_t>(bytes);
    view.content = content;
    view.lazy = lazy != 0;
    view.stream = static_cast<std::uintptr_t>(stream);
    return view;
}

}  // namespace hindcast::python
