#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the two models of core/propagate/places/slot_weights.cpp.

    hindcast-propagation-score --inserted 0.15 --dump FEATURES REPOSITORY PATH ...
    fit_weights.py FEATURES ...

The first, a conditional logit over the places that were considered, chooses one. The second, a logistic regression, tells how far
the first place can be trusted: how clear the choice was, what is known of the place, and how much the code around the statement moved
between the versions. Prints, held out by history, how many are exact at which bar and share of wrong ones, then both tables.
Statements that were rewritten between the versions count as much as others. Needs NumPy and SciPy.
"""
import sys

import numpy as np
from scipy.optimize import minimize

KINDS = {0: "survived", 1: "rewritten", 2: "inserted", 3: "inserted beside"}
SURROUNDINGS = 18  # how many columns at the end of a line describe the statement, not the place
# The features of the first place that tell how far it can be trusted: kTrusted of slot_weights.cpp.
TRUSTED = [1, 7, 12, 13, 14, 15, 16, 17, 20, 26, 36, 37, 50, 52, 53, 54]
CHOICE_PENALTY, TRUST_PENALTY = 1.0, 3.0
LIMIT = 8.0  # of log odds


class Cases:
    """The places of all cases, one row each, case by case."""

    def __init__(self, rows):
        number, history, trust = rows[:, 0], rows[:, 1], rows[:, 2].astype(int)
        self.true, self.features = rows[:, 4], rows[:, 5:-SURROUNDINGS]
        self.begin = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
        self.size = np.diff(np.r_[self.begin, len(number)])
        self.case = np.repeat(np.arange(len(self.begin)), self.size)
        self.history, self.trust = history[self.begin], trust[self.begin]
        self.around = rows[self.begin, -SURROUNDINGS:]
        # A case whose true place was not among those considered teaches nothing about choosing among them.
        self.considered = np.add.reduceat(self.true, self.begin) == 1

    def only(self, chosen):
        rows = chosen[self.case]
        part = Cases.__new__(Cases)
        part.true, part.features, part.size = self.true[rows], self.features[rows], self.size[chosen]
        part.begin = np.r_[0, np.cumsum(part.size)[:-1]]
        part.case = np.repeat(np.arange(len(part.size)), part.size)
        return part

    def probabilities(self, weights):
        scores = self.features @ weights
        e = np.exp(scores - np.maximum.reduceat(scores, self.begin)[self.case])
        return e / np.add.reduceat(e, self.begin)[self.case]


def fit_choice(cases, chosen):
    part = cases.only(chosen & cases.considered)

    def loss_and_gradient(weights):
        p = part.probabilities(weights)
        loss = -np.sum(np.log(np.maximum(p, 1e-12)) * part.true)
        return loss + 0.5 * CHOICE_PENALTY * weights @ weights, part.features.T @ (p - part.true) + CHOICE_PENALTY * weights

    start = np.zeros(cases.features.shape[1])
    return minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x


def fit_trust(inputs, right):
    penalty = np.r_[np.full(inputs.shape[1] - 1, TRUST_PENALTY), 0]

    def loss_and_gradient(weights):
        z = inputs @ weights
        loss = np.sum(np.logaddexp(0, z) - right * z) + 0.5 * np.sum(penalty * weights**2)
        return loss, inputs.T @ (1 / (1 + np.exp(-z)) - right) + penalty * weights

    start = np.zeros(inputs.shape[1])
    return minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def trust_inputs(cases, probabilities):
    """One line for each case, in the order of the table in slot_weights.cpp, and whether its first place is the true one."""
    lines, right = [], []
    for i, (begin, size) in enumerate(zip(cases.begin, cases.size)):
        p = probabilities[begin : begin + size]
        first = int(np.argmax(p))
        second = max(np.delete(p, first), default=0.0)
        odds = np.log(max(p[first], 1e-9) / max(1 - p[first], 1e-9))
        margin = np.log(max(p[first], 1e-9) / max(second, 1e-9))
        fresh = float(cases.trust[i] >= 2)
        lines.append([*cases.features[begin + first, TRUSTED], *cases.around[i], *np.clip([odds, margin], -LIMIT, LIMIT), np.log(size), fresh, 1.0])
        right.append(cases.true[begin + first] == 1)
    return np.array(lines), np.array(right)


def held_out(cases, folds=5):
    """For each case how far its first place is trusted, by models fitted without its history, and whether it is the true one."""
    histories = np.unique(cases.history)
    probabilities = np.zeros(len(cases.true))
    for fold in range(folds):
        tested = np.isin(cases.history, histories[fold::folds])
        rows = tested[cases.case]
        probabilities[rows] = cases.probabilities(fit_choice(cases, ~tested))[rows]
    inputs, right = trust_inputs(cases, probabilities)
    trusted = np.zeros(len(right))
    for fold in range(folds):
        tested = np.isin(cases.history, histories[fold::folds])
        trusted[tested] = 1 / (1 + np.exp(-inputs[tested] @ fit_trust(inputs[~tested], right[~tested])))
    return trusted, right, fit_trust(inputs, right)


def report(trusted, right, title):
    print(f"{title}: {len(right)} cases, first place right {right.mean():.3f}")
    for bar in (0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96):
        placed = trusted >= bar
        print(f"  trusted >= {bar:.2f}: exact {np.mean(placed & right):.3f}, wrong {np.mean(placed & ~right):.4f}")


def table(name, weights):
    lines = [", ".join(f"{w:.2f}" for w in weights[i : i + 13]) for i in range(0, len(weights), 13)]
    print(f"const {name} = {{\n    " + ",\n    ".join(lines) + ",\n};")


def read(files):
    """The files' lines, with cases and histories numbered through."""
    parts, cases, histories = [], 0, 0
    for name in files:
        with open(name) as file:
            rows = np.array([line.split() for line in file], dtype=float)
        rows[:, 0] += cases
        rows[:, 1] += histories
        cases, histories = rows[:, 0].max() + 1, rows[:, 1].max() + 1
        parts.append(rows)
    return Cases(np.concatenate(parts))


def main():
    cases = read(sys.argv[1:])
    trusted, right, trust = held_out(cases)
    for kind, title in KINDS.items():
        if np.any(cases.trust == kind):
            report(trusted[cases.trust == kind], right[cases.trust == kind], title)
    report(trusted[cases.trust < 2], right[cases.trust < 2], "all that was taken out")
    report(trusted[cases.trust >= 2], right[cases.trust >= 2], "all that was inserted")
    table("SlotFeatures kSlotWeights", fit_choice(cases, np.ones(len(cases.begin), bool)))
    table("TrustInputs kTrustWeights", trust)


if __name__ == "__main__":
    main()
