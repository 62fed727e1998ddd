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
    hc.log("parameters", sum(p.numel() for p in model.parameters()))
    ema_model = copy.deepcopy(model).eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=hc.arg("lr", 0.3), momentum=0.9)

    with hc.checkpointing(model=model, optimizer=optimizer):
        for epoch in hc.loop("epoch", range(hc.arg("epochs", 4))):
            train_loss = train_epoch(model, ema_model, train_loader, optimizer, accumulate=2, clip=1.0)
            hc.log("train_loss", train_loss)
            acc = evaluate(model, val_loader)
            hc.log("val_acc", acc)
            known = val_loader.dataset.tensors[1]
            hits = model(val_loader.dataset.tensors[0]).argmax(1) == known
            for digit in range(10):
                hc.log(f"recall_{digit}", hits[known == digit].float().mean().item())
            hc.log("ema_acc", (ema_model(val_loader.dataset.tensors[0]).argmax(1) == val_loader.dataset.tensors[1]).float().mean().item())
            hc.log("momentum_norm", sum(s["momentum_buffer"].norm().item() for s in optimizer.state.values()))

    print(f"averaged weights: {evaluate(ema_model, val_loader):.3f}")
    hc.log("final_ema_norm", sum(p.norm().item() for p in ema_model.parameters()))


if __name__ == "__main__":
    main()
