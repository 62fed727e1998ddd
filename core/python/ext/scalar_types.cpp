// SPDX-License-Identifier: Apache-2.0
#include "core/python/ext/scalar_types.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "core/python/ext/convert.h"

namespace hindcast::python {

namespace {

/// One entry of the cache. It holds a reference, so that the address cannot become another type's.
struct Known {
    PyObject* type = nullptr;
    ScalarKind kind = ScalarKind::Other;
};
constexpr std::size_t kKnown = 64;
std::array<Known, kKnown> g_known;

ScalarKind kindByName(std::string_view name) {
    if (name == "float32" || name == "float16") return ScalarKind::Real;
    if (name == "bool_" || name == "bool") return ScalarKind::Truth;
    if (name.substr(0, 1) == "u") name.remove_prefix(1);
    const bool whole = name == "int8" || name == "int16" || name == "int32" || name == "int64" || name == "intc" ||
                       name == "longlong" || name == "long";
    return whole ? ScalarKind::Whole : ScalarKind::Other;
}

bool isText(PyObject* type, const char* attribute, const char* text) {
    const Ref found(PyObject_GetAttrString(type, attribute));
    return found && PyUnicode_Check(found.get()) && PyUnicode_CompareWithASCIIString(found.get(), text) == 0;
}

ScalarKind classify(PyObject* type) {
    ScalarKind kind = ScalarKind::Other;
    if (isText(type, "__module__", "numpy")) {
        const Ref name(PyObject_GetAttrString(type, "__name__"));
        Ref holder;
        const auto text = name && PyUnicode_Check(name.get()) ? utf8(name.get(), holder) : std::nullopt;
        if (text) kind = kindByName(*text);
    }
    PyErr_Clear();
    return kind;
}

}  // namespace

ScalarKind scalarKindOf(PyObject* value) {
    auto* const type = reinterpret_cast<PyObject*>(Py_TYPE(value));
    const auto address = reinterpret_cast<std::uintptr_t>(type);
    Known& known = g_known[(address >> 5 ^ address >> 11) % kKnown];
    if (known.type != type) {
        const ScalarKind kind = classify(type);
        Ref before(std::exchange(known.type, newReference(type)));
        known.kind = kind;
    }
    return known.kind;
}

}  // namespace hindcast::python
