# SPDX-License-Identifier: Apache-2.0
"""Which mode of replay a statement needs, told from the source of a version and what it captured."""
