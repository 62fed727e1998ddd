# SPDX-License-Identifier: Apache-2.0
"""Checks what the built module shows to and needs from the training process it is loaded into.

    check_module.py _native.abi3.so
"""
import re
import subprocess
import sys

ALLOWED_LIBRARIES = re.compile(r"^(libc|libm|libpthread|libdl|librt|ld-linux.*)\.so")
# Set up when a module with iostream is loaded: costs time and brings locales into the process.
IOSTREAM = re.compile(r"_ZNSt8ios_base4InitC|_ZSt4coutE|_ZSt4cerrE")

STABLE_UNDERSCORES = ("_Py_Dealloc", "_Py_NoneStruct", "_Py_TrueStruct", "_Py_FalseStruct")


def lines(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def violations(module):
    exported = [line.split()[-1] for line in lines("nm", "-D", "--defined-only", module)]
    if exported != ["PyInit__native"]:
        yield f"exports {exported}: other code in the process could bind to these"
    for line in lines("readelf", "-d", module):
        needed = re.search(r"NEEDED.*\[(.*)\]", line)
        if needed and not ALLOWED_LIBRARIES.match(needed.group(1)):
            yield f"needs {needed.group(1)}: a training host may not have it, or have another one"
    symbols = [line.split()[-1] for line in lines("nm", module)]
    if not symbols:
        yield "has no symbol table: this check would see nothing"
    for symbol in symbols:
        if IOSTREAM.search(symbol):
            yield f"contains {symbol}: no iostream in the recorder"
    # Weak ones ("w") are hooks that nobody has to provide.
    undefined = [line.split()[-1].split("@")[0] for line in lines("nm", "-D", "--undefined-only", module) if line.split()[0] != "w"]
    for symbol in undefined:
        if symbol.startswith(("ZSTD_", "XXH", "sqlite3_", "_ZN", "_ZS")):
            yield f"takes {symbol} from the process: it must bring its own"
        if symbol.startswith("_Py") and symbol not in STABLE_UNDERSCORES and not symbol.endswith("_SizeT"):
            yield f"uses {symbol}: not in the limited API"


if __name__ == "__main__":
    found = list(violations(sys.argv[1]))
    for violation in found:
        print(f"{sys.argv[1]} {violation}")
    sys.exit(1 if found else 0)
