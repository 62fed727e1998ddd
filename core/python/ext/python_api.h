// SPDX-License-Identifier: Apache-2.0
#pragma once

// The limited API of Python 3.9 (Py_LIMITED_API comes from the build): one module for every Python from there on. Two
// things that are in every 3.9 interpreter were only declared part of the limited API in 3.10, so its headers hide
// them.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080
#endif
#if Py_LIMITED_API + 0 < 0x030A0000
extern "C" const char* PyUnicode_AsUTF8AndSize(PyObject* text, Py_ssize_t* size);
#endif

#include <utility>

namespace hindcast::python {

/// Owner of one reference. The interpreter's lock is held wherever one is made, copied or destroyed.
class Ref {
public:
    Ref() = default;
    explicit Ref(PyObject* owned) : m_object(owned) {}
    Ref(Ref&& other) noexcept : m_object(std::exchange(other.m_object, nullptr)) {}
    Ref& operator=(Ref&& other) noexcept {
        std::swap(m_object, other.m_object);
        return *this;
    }
    ~Ref() { Py_XDECREF(m_object); }

    PyObject* get() const { return m_object; }
    PyObject* release() { return std::exchange(m_object, nullptr); }
    explicit operator bool() const { return m_object != nullptr; }

private:
    PyObject* m_object = nullptr;
};

inline PyObject* newReference(PyObject* object) {
    Py_INCREF(object);
    return object;
}

/// Releases the interpreter's lock while it lives. A daemon thread that wants it back when the interpreter is gone is
/// unwound instead, by pthread_exit().
class Unlocked {
public:
    Unlocked() : m_state(PyEval_SaveThread()) {}
    ~Unlocked() noexcept(false) { PyEval_RestoreThread(m_state); }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;

private:
    PyThreadState* m_state;
};

/// A function of any calling convention as a method table wants it.
template <class Function>
PyCFunction asMethod(Function function) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

}  // namespace hindcast::python
