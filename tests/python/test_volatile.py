# SPDX-License-Identifier: Apache-2.0
"""Names that differ from run to run by nature, found in the sources that a script loads."""
import pytest
from hindcast.replay.volatile import Volatile

HELPERS = '''
import time
LIMIT = 3

def stamp():
    """At some time."""
    return time.time() - 5

def harmless():
    return LIMIT
'''
MAIN = '''
import hindcast as hc
from helpers import stamp, harmless
begin = stamp()
plain = harmless()
passed, other = stamp(), 1

class Meter:
    def __init__(self):
        self.begun = stamp()
        self.kept = 1

def train():
    inside = begin + 1
    hc.log("late", inside)
    hc.log("value", plain)
    return 7
'''


def volatile(*files):
    found = Volatile()
    for text, name in files:
        found.add(text, name)
    return found


@pytest.mark.parametrize("order", [1, -1])
def test_what_a_function_of_another_file_gives_is_followed_whichever_is_loaded_first(order):
    found = volatile(*[(HELPERS, "helpers.py"), (MAIN, "train.py")][::order])
    assert found.local("train.py:<module>", "begin") and found.local("train.py:<module>#2", "begin")
    assert not found.local("train.py:<module>", "plain") and not found.local("other.py:<module>", "begin")
    assert found.attribute("begun") and not found.attribute("kept")
    assert not found.local("train.py:train", "inside"), "a global's name is another scope's"


def test_a_file_that_is_loaded_late_counts_from_then_on():
    found = volatile((MAIN, "train.py"))
    assert not found.local("train.py:<module>", "begin") and not found.attribute("begun")
    found.add(HELPERS, "helpers.py")
    assert found.local("train.py:<module>", "begin") and found.attribute("begun")


def test_a_logged_name_is_volatile_where_its_value_is():
    found = volatile(("import hindcast as hc, time\nfor i in hc.loop('e', range(2)):\n    x = time.time()\n    hc.log('x', x)\n    hc.log('y', i)\n", "t.py"))
    assert found.log("x") and not found.log("y")
    assert found.log("train_time"), "names that people give to times"


def test_files_that_are_not_loaded_say_nothing():
    found = volatile((MAIN, "train.py"))
    assert not found.attribute("begun"), "helpers.py was not loaded"


@pytest.mark.parametrize("text, orders", [("x = {1, 2}", True), ("x = set()", True), ("x = {1: 2}", False), ("# set(", False), ("x = hash('a')", True), ("def (", False)])
def test_what_depends_on_the_order_of_hashes(text, orders):
    assert volatile((text, "t.py")).orders_by_hash() is orders
