// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/cbor_writer.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "core/python/ext/cbor_tags.h"
#include "core/python/ext/convert.h"

namespace hindcast::python {

namespace {

/// Writes Python objects as items. False with an exception where that fails. Runs no code of Python: nothing that is
/// written changes meanwhile.
class CborWriter {
public:
    CborWriter(PyTypeObject* tag, PyTypeObject* deque) : m_tag(tag), m_deque(deque) {}

    bool item(PyObject* value) {
        if (Py_EnterRecursiveCall(" in the state to be written") != 0) return false;
        const bool written = anyItem(value);
        Py_LeaveRecursiveCall();
        return written;
    }

    const std::string& bytes() const { return m_out; }

private:
    enum Major : unsigned { Positive, Negative, Bytes, Text, Array, Map, Tagged };

    bool anyItem(PyObject* value) {
        const PyTypeObject* const type = Py_TYPE(value);
        if (type == &PyUnicode_Type) return text(value);
        if (type == &PyList_Type) return list(value);
        if (type == &PyDict_Type) return mapping(value);
        if (type == &PyLong_Type) return integer(value);
        if (value == Py_None) return one('\xF6');
        if (value == Py_True) return one('\xF5');
        if (value == Py_False) return one('\xF4');
        if (type == &PyFloat_Type) return real(PyFloat_AsDouble(value));
        if (type == m_tag) return tagged(value);
        if (type == &PyTuple_Type) return head(Tagged, kTuple) && tuple(value);
        if (type == &PyBytes_Type) return bytesOf(value);
        if (type == &PySet_Type) return head(Tagged, kSet) && set(value);
        if (type == &PyFrozenSet_Type) return head(Tagged, kFrozenSet) && set(value);
        if (type == &PyComplex_Type) {
            return head(Tagged, kComplex) && head(Array, 2) && real(PyComplex_RealAsDouble(value)) &&
                   real(PyComplex_ImagAsDouble(value));
        }
        if (type == m_deque) return head(Tagged, kDeque) && sequence(value);
        if (type == &PyByteArray_Type) {
            const auto size = static_cast<std::uint64_t>(PyByteArray_Size(value));
            return head(Tagged, kByteArray) && raw(Bytes, PyByteArray_AsString(value), size);
        }
        const Ref name(PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(value)), "__name__"));
        if (name) PyErr_Format(PyExc_TypeError, "no CBOR form for %U", name.get());
        return false;
    }

    bool one(char byte) {
        m_out.push_back(byte);
        return true;
    }

    void bigEndian(std::uint64_t number, unsigned bytes) {
        for (unsigned i = bytes; i-- > 0;) m_out.push_back(static_cast<char>(number >> (8 * i)));
    }

    bool head(Major major, std::uint64_t number) {
        const unsigned high = static_cast<unsigned>(major) << 5U;
        if (number < 24) return one(static_cast<char>(high | static_cast<unsigned>(number)));
        const unsigned power = number < 0x100 ? 0 : number < 0x10000 ? 1 : number < 0x100000000 ? 2 : 3;
        m_out.push_back(static_cast<char>(high | (24U + power)));
        bigEndian(number, 1U << power);
        return true;
    }

    bool raw(Major major, const char* bytes, std::uint64_t size) {
        head(major, size);
        m_out.append(bytes, size);
        return true;
    }

    bool real(double value) {
        m_out.push_back('\xFB');
        bigEndian(std::bit_cast<std::uint64_t>(value), 8);
        return true;
    }

    bool text(PyObject* value) {
        // A str that is asked for its UTF-8 by AsUTF8AndSize keeps it for good: not what a capture may do to a script.
        Ref bytes(PyUnicode_AsUTF8String(value));
        if (!bytes) {
            PyErr_Clear();
            bytes = Ref(PyUnicode_AsEncodedString(value, "utf-8", "surrogatepass"));
        }
        return bytes && bytesOf(bytes.get(), Text);
    }

    bool bytesOf(PyObject* value, Major major = Bytes) {
        return raw(major, PyBytes_AsString(value), static_cast<std::uint64_t>(PyBytes_Size(value)));
    }

    bool integer(PyObject* value) {
        int overflow = 0;
        const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow == 0) {
            return number >= 0 ? head(Positive, static_cast<std::uint64_t>(number))
                               : head(Negative, static_cast<std::uint64_t>(-1 - number));
        }
        const bool positive = overflow > 0;
        const Ref distance(positive ? newReference(value) : PyNumber_Invert(value));
        if (!distance) return false;
        const std::uint64_t within = PyLong_AsUnsignedLongLong(distance.get());
        if (PyErr_Occurred() == nullptr) return head(positive ? Positive : Negative, within);
        PyErr_Clear();
        const Ref bits(PyObject_CallMethod(distance.get(), "bit_length", nullptr));
        const Py_ssize_t size = bits ? (PyLong_AsSsize_t(bits.get()) + 7) / 8 : 0;
        const Ref bytes(bits ? PyObject_CallMethod(distance.get(), "to_bytes", "ns", size, "big") : nullptr);
        return bytes && head(Tagged, positive ? kPositiveInteger : kNegativeInteger) && bytesOf(bytes.get());
    }

    bool list(PyObject* value) {
        const Py_ssize_t count = PyList_Size(value);
        head(Array, static_cast<std::uint64_t>(count));
        for (Py_ssize_t i = 0; i < count; ++i) {
            PyObject* const element = PyList_GetItem(value, i);
            if (element == nullptr || !item(element)) return false;
        }
        return true;
    }

    bool tuple(PyObject* value) {
        const Py_ssize_t count = PyTuple_Size(value);
        head(Array, static_cast<std::uint64_t>(count));
        for (Py_ssize_t i = 0; i < count; ++i) {
            if (!item(PyTuple_GetItem(value, i))) return false;
        }
        return true;
    }

    bool sequence(PyObject* value) {
        const Ref items(PySequence_List(value));
        return items && list(items.get());
    }

    /// Sets have no order of their own: by their bytes.
    bool set(PyObject* value) {
        const Ref items(PySequence_List(value));
        if (!items) return false;
        const std::size_t count = static_cast<std::size_t>(PyList_Size(items.get()));
        head(Array, count);
        std::string before = std::exchange(m_out, {});
        std::vector<std::string> written;
        written.reserve(count);
        bool all = true;
        for (std::size_t i = 0; all && i < count; ++i) {
            all = item(PyList_GetItem(items.get(), static_cast<Py_ssize_t>(i)));
            written.push_back(std::exchange(m_out, {}));
        }
        std::sort(written.begin(), written.end());
        m_out = std::move(before);
        for (const std::string& one : written) m_out += one;
        return all;
    }

    bool mapping(PyObject* value) {
        PyObject* key = nullptr;
        PyObject* held = nullptr;
        bool texts = true;
        for (Py_ssize_t at = 0; texts && PyDict_Next(value, &at, &key, &held) != 0;)
            texts = Py_TYPE(key) == &PyUnicode_Type;
        const auto count = static_cast<std::uint64_t>(PyDict_Size(value));
        if (!texts) head(Tagged, kMapping);
        head(texts ? Map : Array, count);
        for (Py_ssize_t at = 0; PyDict_Next(value, &at, &key, &held) != 0;) {
            if (!texts) head(Array, 2);
            if (!item(key) || !item(held)) return false;
        }
        return true;
    }

    bool tagged(PyObject* value) {
        const Ref number(PyObject_GetAttrString(value, "tag"));
        const Ref held(number ? PyObject_GetAttrString(value, "value") : nullptr);
        if (!held) return false;
        const std::uint64_t tag = PyLong_AsUnsignedLongLong(number.get());
        if (PyErr_Occurred() != nullptr) return false;
        return head(Tagged, tag) && item(held.get());
    }

    PyTypeObject* m_tag;
    PyTypeObject* m_deque;
    std::string m_out;
};

}  // namespace

PyObject* encodeCbor(PyObject*, PyObject* arguments) {
    PyObject* value = nullptr;
    PyObject* tag = nullptr;
    PyObject* deque = nullptr;
    if (PyArg_ParseTuple(arguments, "OO!O!", &value, &PyType_Type, &tag, &PyType_Type, &deque) == 0) return nullptr;
    return guarded([&]() -> PyObject* {
        CborWriter writer(reinterpret_cast<PyTypeObject*>(tag), reinterpret_cast<PyTypeObject*>(deque));
        if (!writer.item(value)) return nullptr;
        return PyBytes_FromStringAndSize(writer.bytes().data(), static_cast<Py_ssize_t>(writer.bytes().size()));
    });
}

}  // namespace hindcast::python
