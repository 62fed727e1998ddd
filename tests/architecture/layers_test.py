# SPDX-License-Identifier: Apache-2.0
"""The layer check fires on deliberate violations, so that its silence on the tree means something."""
import os

import layers

RULES = ({"core/base": [], "core/format": ["core/base"], "widgets": ["core/base"]}, {"core/base": "the ground"}, [("zstd.h", ["core/format"]), ("Q", ["widgets"])])


def problems(path, text):
    return list(layers.check_includes(path, text, RULES))


def test_an_upward_include_is_reported_with_the_reason():
    found = problems("core/base/file.cpp", '#include "core/format/journal/frame.h"\n')
    assert len(found) == 1 and "the ground" in found[0]


def test_a_listed_edge_is_silent():
    assert problems("core/format/journal/frame.cpp", '#include "core/base/file.h"\n') == []


def test_third_party_headers_stay_in_their_folder():
    assert problems("core/base/file.cpp", "#include <zstd.h>\n")
    assert problems("core/format/journal/frame.cpp", "#include <QString>\n")
    assert problems("core/format/journal/frame.cpp", "#include <zstd.h>\n") == []
    assert problems("widgets/look/tokens.cpp", "#include <QColor>\n") == []


def test_a_missing_licence_and_a_long_file_are_reported():
    assert list(layers.check_file("core/base/a.h", "#pragma once\n"))
    assert list(layers.check_file("core/base/a.h", "// SPDX-License-Identifier: GPL-3.0-or-later\n"))
    assert list(layers.check_file("core/base/a.h", "// SPDX-License-Identifier: Apache-2.0\n" + "\n" * 700))
    assert list(layers.check_file("core/base/string_util.h", "// SPDX-License-Identifier: Apache-2.0\n"))


def test_the_tree_keeps_its_layers():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    assert list(layers.check_tree(root)) == []
