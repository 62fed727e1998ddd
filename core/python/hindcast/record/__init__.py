# SPDX-License-Identifier: Apache-2.0
"""Recording: one session for each version, inside the training process."""
