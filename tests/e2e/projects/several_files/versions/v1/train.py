import copy
import random

import numpy as np
import torch

import hindcast as hc
from data import make_loaders
from engine import evaluate, train_epoch
from models import build_model


def main():
    seed = hc.arg("seed", 3)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)

    train_loader, val_loader = make_loaders(hc.arg("batch", 32))
    model = build_model(hc.arg("width", 8))
    ema_model = copy.deepcopy(model).eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=hc.arg("lr", 0.3), momentum=0.9)

    with hc.checkpointing(model=model, optimizer=optimizer):
        for epoch in hc.loop("epoch", range(hc.arg("epochs", 4))):
            train_loss = train_epoch(model, ema_model, train_loader, optimizer, accumulate=2, clip=1.0)
            hc.log("train_loss", train_loss)
            acc = evaluate(model, val_loader)
            hc.log("val_acc", acc)

    print(f"averaged weights: {evaluate(ema_model, val_loader):.3f}")


if __name__ == "__main__":
    main()
