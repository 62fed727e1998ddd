// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/python/ext/python_api.h"
#include "core/record/recorder.h"

namespace hindcast::python {

/// The C++ recorder inside a Recorder object; null once it was detached, or when `object` is no Recorder.
record::Recorder* recorderOf(PyObject* object);

/// Number of a name in the recorder's table. A small cache by the str's identity makes it a few nanoseconds for names
/// that are literals. False with TypeError when `name` is no str.
bool nameNumber(record::Recorder& recorder, PyObject* name, std::uint32_t& number);

/// Called by whoever logs, afterwards: waits, without the interpreter's lock, while too much waits to be written. The
/// caller holds a reference to the Recorder object.
void yieldToDisk(record::Recorder& recorder, record::ThreadLog& log);
/// Called (without arguments) when a recording has to wait for the first time; null: nobody.
void setWaitNotice(PyObject* handler);

/// Creates the type; null with an exception.
PyObject* makeRecorderType();

}  // namespace hindcast::python
