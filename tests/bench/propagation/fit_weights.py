#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits the weights of core/propagate/slot_weights.cpp: a conditional logit over the places that were considered.

    hindcast-propagation-score --dump FEATURES REPOSITORY PATH ...
    fit_weights.py FEATURES

Prints the weights, and how often the most likely place is the true one by its probability, which is what
confidenceOf() is made from. Needs NumPy.
"""
import sys

import numpy as np


def load(path):
    rows = np.loadtxt(path)
    case, label, features = rows[:, 0].astype(int), rows[:, 1], rows[:, 2:]
    # A case whose true place was not among those considered teaches nothing about choosing among them.
    groups = []
    for number in np.unique(case):
        mine = case == number
        if label[mine].sum() == 1:
            groups.append((features[mine], int(np.argmax(label[mine]))))
    missed = len(np.unique(case)) - len(groups)
    return groups, missed


def loss_and_gradient(weights, groups, penalty):
    loss = 0.5 * penalty * float(weights @ weights)
    gradient = penalty * weights
    for features, true in groups:
        scores = features @ weights
        scores -= scores.max()
        p = np.exp(scores)
        p /= p.sum()
        loss -= np.log(max(p[true], 1e-12))
        gradient = gradient + features.T @ p - features[true]
    return loss, gradient


def fit(groups, penalty=1.0, steps=400):
    """Adam; the problem is convex and small."""
    weights = np.zeros(groups[0][0].shape[1])
    m = np.zeros_like(weights)
    v = np.zeros_like(weights)
    for step in range(1, steps + 1):
        _, gradient = loss_and_gradient(weights, groups, penalty)
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        weights -= 0.08 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return weights


def outcomes(weights, groups):
    result = []
    for features, true in groups:
        scores = features @ weights
        p = np.exp(scores - scores.max())
        p /= p.sum()
        result.append((p.max(), int(np.argmax(p)) == true))
    return result


def report(result, missed):
    result.sort(reverse=True)
    edges = [1.01, 0.99, 0.97, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.0]
    for high, low in zip(edges, edges[1:]):
        inside = [right for p, right in result if low <= p < high]
        if inside:
            print(f"  p {low:.2f} .. {min(high, 1):.2f}: {len(inside):5d} cases, {np.mean(inside):.3f} right")
    right = sum(r for _, r in result)
    print(f"  first choice right: {right / (len(result) + missed):.3f}; true place not considered: {missed / (len(result) + missed):.3f}")


def main():
    groups, missed = load(sys.argv[1])
    folds = 4
    held = []
    for k in range(folds):
        # Neighbouring cases come from one history, so folds are cut in runs.
        size = len(groups) // folds + 1
        test = groups[k * size:(k + 1) * size]
        train = groups[:k * size] + groups[(k + 1) * size:]
        held += outcomes(fit(train), test)
    print("held-out:")
    report(held, missed)
    weights = fit(groups)
    print("all:")
    report(outcomes(weights, groups), missed)
    print(", ".join(f"{w:.2f}" for w in weights))


if __name__ == "__main__":
    main()
