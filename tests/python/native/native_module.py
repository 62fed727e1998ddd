# SPDX-License-Identifier: Apache-2.0
"""Finds and loads the module by its path: the package around it is tested elsewhere."""
import importlib.util
import os


def module_path():
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        path = os.path.join(folder, "hindcast", "_native.abi3.so")
        if os.path.exists(path):
            return path
    raise RuntimeError("PYTHONPATH does not hold the built package")


def load():
    spec = importlib.util.spec_from_file_location("hindcast._native", module_path())
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
