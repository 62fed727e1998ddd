# SPDX-License-Identifier: Apache-2.0
"""`python -m hindcast.decide`: questions on standard input, answers on standard output (core/replay/plan/decide.h asks)."""
from .decider import main

if __name__ == "__main__":
    main()
