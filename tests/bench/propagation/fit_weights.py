#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the weights of core/propagate/places/slot_weights.cpp: a conditional logit over the places that were considered.

    hindcast-propagation-score --inserted 0.35 --dump FEATURES REPOSITORY PATH ...
    fit_weights.py FEATURES

Prints, for each kind of case and held out by history, how many are exact at which probability and share of wrong ones (what
confidenceOf() is made from), then the weights. Statements that were rewritten between the versions count as much as others: with
less weight the probabilities grow bolder where a statement may have moved, and nothing else improves. Needs NumPy and SciPy.
"""
import sys

import numpy as np
from scipy.optimize import minimize

KINDS = {0: "survived", 1: "rewritten", 2: "inserted", 3: "inserted beside"}
PENALTY = 1.0


class Cases:
    """The places of all cases, one row each, case by case."""

    def __init__(self, rows):
        number, history, trust = rows[:, 0], rows[:, 1], rows[:, 2].astype(int)
        self.true, self.features = rows[:, 4], rows[:, 5:]
        self.begin = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
        self.size = np.diff(np.r_[self.begin, len(number)])
        self.case = np.repeat(np.arange(len(self.begin)), self.size)
        self.history, self.trust = history[self.begin], trust[self.begin]
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


def loss_and_gradient(weights, cases):
    p = cases.probabilities(weights)
    loss = -np.sum(np.log(np.maximum(p, 1e-12)) * cases.true)
    gradient = cases.features.T @ (p - cases.true)
    return loss + 0.5 * PENALTY * weights @ weights, gradient + PENALTY * weights


def fit(cases, chosen):
    part = cases.only(chosen & cases.considered)
    start = np.zeros(cases.features.shape[1])
    return minimize(loss_and_gradient, start, args=(part,), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x


def held_out(cases, folds=5):
    """For each case the probability of its first place and whether it is the true one, by weights fitted without its history."""
    first, right = np.zeros(len(cases.begin)), np.zeros(len(cases.begin), bool)
    histories = np.unique(cases.history)
    for fold in range(folds):
        tested = np.isin(cases.history, histories[fold::folds])
        p = cases.probabilities(fit(cases, ~tested))
        for i in np.flatnonzero(tested):
            places = slice(cases.begin[i], cases.begin[i] + cases.size[i])
            first[i], right[i] = p[places].max(), cases.true[places][np.argmax(p[places])] == 1
    return first, right


def report(first, right, title):
    print(f"{title}: {len(first)} cases, first place right {right.mean():.3f}")
    for bar in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        placed = first >= bar
        print(f"  p >= {bar:.2f}: exact {np.mean(placed & right):.3f}, wrong {np.mean(placed & ~right):.4f}")


def main():
    with open(sys.argv[1]) as file:
        cases = Cases(np.array([line.split() for line in file], dtype=float))
    first, right = held_out(cases)
    for kind, title in KINDS.items():
        if np.any(cases.trust == kind):
            report(first[cases.trust == kind], right[cases.trust == kind], title)
    print(", ".join(f"{w:.2f}" for w in fit(cases, np.ones(len(cases.begin), bool))))


if __name__ == "__main__":
    main()
