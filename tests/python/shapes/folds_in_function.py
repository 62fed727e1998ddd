# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc


def make_model(width):
    return nn.Sequential(nn.Linear(6, width), nn.ReLU(), nn.Linear(width, 2))


def train_epoch(model, optimizer, x, y):
    total = 0.0
    for index in hc.loop("step", range(0, 40, 8)):
        loss = F.cross_entropy(model(x[index:index + 8]), y[index:index + 8])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        hc.log("loss", loss.item())
    return total / 5


def run_trial(trial, x, y):
    width, lr = 4 * (trial + 1), 0.1 / (trial + 1)
    model = make_model(width)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    curve = []
    for epoch in hc.loop("epoch", range(3)):
        mean_loss = train_epoch(model, optimizer, x, y)
        curve.append(mean_loss)
        with torch.no_grad():
            norm = sum(p.norm() for p in model.parameters()).item()
        hc.log("mean_loss", mean_loss)
        hc.log("norm", norm)
    return min(curve)


def main():
    torch.manual_seed(5)
    x = torch.randn(40, 6)
    y = (x[:, 2] > 0).long()
    results = {}
    for trial in hc.loop("trial", range(3)):
        results[trial] = run_trial(trial, x, y)
        hc.log("result", results[trial])
    winner = min(results, key=results.get)
    hc.log("winner", winner)


main()
