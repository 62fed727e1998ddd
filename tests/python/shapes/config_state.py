# SPDX-License-Identifier: Apache-2.0
import argparse
import dataclasses
import json
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc


@dataclasses.dataclass
class State:
    epoch: int = 0
    seen: int = 0
    best: float = -1.0
    ema: torch.Tensor = None
    curve: list = dataclasses.field(default_factory=list)


def build(config):
    layers = []
    width = config["inputs"]
    for size in config["hidden"]:
        layers += [nn.Linear(width, size), nn.ReLU()]
        width = size
    return nn.Sequential(*layers, nn.Linear(width, 2))


def closure_step(model, optimizer, x, y):
    def closure():
        optimizer.zero_grad()
        value = F.cross_entropy(model(x), y)
        value.backward()
        return value
    return optimizer.step(closure)


def run(args):
    config = {"inputs": 6, "hidden": [12, 12], "batch": args.batch}
    torch.manual_seed(args.seed)
    x = torch.randn(args.size, config["inputs"])
    y = (x.prod(1) > 0).long()
    parts = {"model": build(config)}
    parts["optimizer"] = torch.optim.RMSprop(parts["model"].parameters(), lr=args.lr)
    state = State()
    sampler_generator = torch.Generator()
    sampler_generator.manual_seed(args.seed)
    for state.epoch in hc.loop("epoch", range(args.epochs)):
        parts["model"].train()
        epoch_loss = 0.0
        for chosen in hc.loop("step", torch.randperm(args.size, generator=sampler_generator).split(config["batch"])):
            loss = closure_step(parts["model"], parts["optimizer"], x[chosen], y[chosen])
            epoch_loss += loss.item() * len(chosen)
            state.seen += len(chosen)
            vector = torch.cat([p.detach().flatten() for p in parts["model"].parameters()])
            state.ema = vector if state.ema is None else 0.9 * state.ema + 0.1 * vector
            hc.log("loss", loss)
        parts["model"].eval()
        with torch.no_grad():
            predictions = parts["model"](x).argmax(1)
        accuracy = (predictions == y).float().mean().item()
        state.best = max(state.best, accuracy)
        state.curve.append(epoch_loss / args.size)
        summary = {"accuracy": accuracy, "ema": state.ema.norm().item(), "seen": state.seen}
        for key, value in summary.items():
            hc.log(key, value)
    with open(os.path.join(os.getcwd(), "summary.json"), "w") as file:
        json.dump(state.curve, file)
    return state


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=56)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--lr", type=float, default=0.005)
    final = run(parser.parse_args())
    hc.log("best", final.best)
