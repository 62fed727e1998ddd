# SPDX-License-Identifier: Apache-2.0
"""The replay worker: rewrites a version's source, runs it from a capture, and compares what it does with the record."""
