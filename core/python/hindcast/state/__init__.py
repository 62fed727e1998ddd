# SPDX-License-Identifier: Apache-2.0
"""State of a training process: how it is found, taken, written as CBOR, and put back. Recording and replay share it."""
