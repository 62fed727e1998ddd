// SPDX-License-Identifier: Apache-2.0
// What everything that logs goes through: numbers of names, and waiting for the disk.
#include <array>

#include "core/python/ext/convert.h"
#include "core/python/ext/recorder_type.h"

namespace hindcast::python {

using record::Recorder;
using record::ThreadLog;

namespace {

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

}  // namespace hindcast::python
