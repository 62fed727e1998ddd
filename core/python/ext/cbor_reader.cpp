// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/cbor_reader.h"

#include <bit>
#include <cstdint>
#include <string_view>

#include "core/python/ext/cbor_tags.h"

namespace hindcast::python {

namespace {

/// Makes Python objects of the items of a text of bytes. Null with an exception where that fails.
class CborReader {
public:
    CborReader(std::string_view data, PyObject* tag, PyObject* deque) : m_data(data), m_tag(tag), m_deque(deque) {}

    PyObject* item() {
        if (Py_EnterRecursiveCall(" in damaged CBOR") != 0) return nullptr;
        PyObject* const made = anyItem();
        Py_LeaveRecursiveCall();
        return made;
    }

    std::size_t left() const { return m_data.size() - m_at; }

private:
    static PyObject* damaged(const char* why) { return PyErr_Format(PyExc_ValueError, "damaged CBOR: %s", why); }

    bool number(unsigned bytes, std::uint64_t& value) {
        if (left() < bytes) return damaged("short") != nullptr;
        value = 0;
        for (unsigned i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(m_data[m_at + i]);
        m_at += bytes;
        return true;
    }

    PyObject* anyItem() {
        if (left() == 0) return damaged("short");
        const auto first = static_cast<unsigned char>(m_data[m_at++]);
        const unsigned major = first >> 5U;
        const unsigned low = first & 31U;
        if (major == 7) return simple(low);
        std::uint64_t value = low;
        if (low > 27) return damaged("indefinite length");
        if (low >= 24 && !number(1U << (low - 24U), value)) return nullptr;
        if (major >= 2 && major <= 5 && value > left()) return damaged("short");
        switch (major) {
            case 0:
                return PyLong_FromUnsignedLongLong(value);
            case 1:
                return negative(value);
            case 2:
                return PyBytes_FromStringAndSize(take(value), static_cast<Py_ssize_t>(value));
            case 3:
                return PyUnicode_DecodeUTF8(take(value), static_cast<Py_ssize_t>(value), "surrogatepass");
            case 4:
                return array(value);
            case 5:
                return mapping(value);
            default:
                return tagged(value);
        }
    }

    const char* take(std::uint64_t bytes) {
        const char* const from = m_data.data() + m_at;
        m_at += bytes;
        return from;
    }

    PyObject* simple(unsigned low) {
        std::uint64_t bits = 0;
        switch (low) {
            case 20:
            case 21:
                return PyBool_FromLong(low == 21 ? 1 : 0);
            case 22:
            case 23:
                return newReference(Py_None);
            case 26:
                return number(4, bits) ? PyFloat_FromDouble(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                                       : nullptr;
            case 27:
                return number(8, bits) ? PyFloat_FromDouble(std::bit_cast<double>(bits)) : nullptr;
            default:
                return PyErr_Format(PyExc_ValueError, "damaged CBOR: simple value %u", low);
        }
    }

    /// -1 - value, which may be beyond 64 bits.
    static PyObject* negative(std::uint64_t value) {
        const Ref positive(PyLong_FromUnsignedLongLong(value));
        return positive ? PyNumber_Invert(positive.get()) : nullptr;
    }

    PyObject* array(std::uint64_t count) {
        Ref items(PyList_New(static_cast<Py_ssize_t>(count)));
        for (std::uint64_t i = 0; items && i < count; ++i) {
            PyObject* const one = item();
            if (one == nullptr || PyList_SetItem(items.get(), static_cast<Py_ssize_t>(i), one) != 0) return nullptr;
        }
        return items.release();
    }

    PyObject* mapping(std::uint64_t count) {
        Ref items(PyDict_New());
        for (std::uint64_t i = 0; items && i < count; ++i) {
            const Ref key(item());
            if (!key) return nullptr;
            const Ref value(item());
            if (!value || PyDict_SetItem(items.get(), key.get(), value.get()) != 0) return nullptr;
        }
        return items.release();
    }

    PyObject* tagged(std::uint64_t tag) {
        const Ref value(item());
        if (!value) return nullptr;
        switch (tag) {
            case kPositiveInteger:
                return integer(value.get());
            case kNegativeInteger: {
                const Ref positive(integer(value.get()));
                return positive ? PyNumber_Invert(positive.get()) : nullptr;
            }
            case kSet:
                return PySet_New(value.get());
            case kTuple:
                return PySequence_Tuple(value.get());
            case kFrozenSet:
                return PyFrozenSet_New(value.get());
            case kMapping:
                return pairs(value.get());
            case kComplex:
                return complex(value.get());
            case kDeque:
                return PyObject_CallFunctionObjArgs(m_deque, value.get(), nullptr);
            case kByteArray:
                return PyByteArray_FromObject(value.get());
            default: {
                const Ref number(PyLong_FromUnsignedLongLong(tag));
                return number ? PyObject_CallFunctionObjArgs(m_tag, number.get(), value.get(), nullptr) : nullptr;
            }
        }
    }

    static PyObject* integer(PyObject* bytes) {
        return PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyLong_Type), "from_bytes", "Os", bytes, "big");
    }

    static PyObject* pairs(PyObject* list) {
        Ref items(PyDict_New());
        if (!items || PyDict_MergeFromSeq2(items.get(), list, 1) != 0) return nullptr;
        return items.release();
    }

    static PyObject* complex(PyObject* list) {
        const Ref real(PySequence_GetItem(list, 0));
        const Ref imaginary(real ? PySequence_GetItem(list, 1) : nullptr);
        if (!imaginary) return nullptr;
        const double x = PyFloat_AsDouble(real.get());
        const double y = PyFloat_AsDouble(imaginary.get());
        return PyErr_Occurred() ? nullptr : PyComplex_FromDoubles(x, y);
    }

    std::string_view m_data;
    std::size_t m_at = 0;
    PyObject* m_tag;
    PyObject* m_deque;
};

}  // namespace

PyObject* decodeCbor(PyObject*, PyObject* arguments) {
    const char* data = nullptr;
    Py_ssize_t size = 0;
    PyObject* tag = nullptr;
    PyObject* deque = nullptr;
    if (PyArg_ParseTuple(arguments, "y#OO", &data, &size, &tag, &deque) == 0) return nullptr;
    CborReader reader({data, static_cast<std::size_t>(size)}, tag, deque);
    Ref value(reader.item());
    if (!value) {
        // Whatever Python thinks of an object that the bytes ask for, it is the bytes that are wrong.
        const bool wrong =
            PyErr_ExceptionMatches(PyExc_TypeError) != 0 || PyErr_ExceptionMatches(PyExc_IndexError) != 0 ||
            PyErr_ExceptionMatches(PyExc_RecursionError) != 0 || PyErr_ExceptionMatches(PyExc_UnicodeDecodeError) != 0;
        if (wrong) {
            PyErr_Clear();
            PyErr_SetString(PyExc_ValueError, "damaged CBOR: an item that cannot be");
        }
        return nullptr;
    }
    if (reader.left() > 0) return PyErr_Format(PyExc_ValueError, "damaged CBOR: %zu bytes left over", reader.left());
    return value.release();
}

}  // namespace hindcast::python
