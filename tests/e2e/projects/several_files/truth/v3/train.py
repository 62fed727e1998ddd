import copy
import random

import numpy as np
import torch

import engine
import hindcast as hc
from data import make_loaders
from metrics import evaluate
from models import build_model


def seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)


def main():
    seed = hc.arg("seed", 3)
    seed_everything(seed)

    epochs = hc.arg("epochs", 5)
    train_loader, val_loader = make_loaders(hc.arg("batch", 32), seed, hc.arg("noise", 0.1))
    net = build_model(hc.arg("width", 8))
    hc.log("parameters", sum(p.numel() for p in net.parameters()))
    averaged = copy.deepcopy(net).eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=hc.arg("lr", 0.2), momentum=0.9, nesterov=True)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[2, 4], gamma=0.3)

    with hc.checkpointing(net=net, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(epochs)):
            train_loss = engine.train_epoch(net, averaged, train_loader, optimizer, accumulate=4, clip=1.0)
            hc.log("train_loss", train_loss)
            acc, val_loss = evaluate(net, val_loader)
            hc.log("val_acc", acc)
            known = val_loader.dataset.tensors[1]
            hits = net(val_loader.dataset.tensors[0]).argmax(1) == known
            for digit in range(10):
                hc.log(f"recall_{digit}", hits[known == digit].float().mean().item())
            hc.log("val_loss", val_loss)
            hc.log("ema_acc", (averaged(val_loader.dataset.tensors[0]).argmax(1) == val_loader.dataset.tensors[1]).float().mean().item())
            hc.log("momentum_norm", sum(s["momentum_buffer"].norm().item() for s in optimizer.state.values()))
            scheduler.step()
            hc.log("lr_next", scheduler.get_last_lr()[0])

    print(f"averaged weights: {evaluate(averaged, val_loader)[0]:.3f}")
    hc.log("final_ema_norm", sum(p.norm().item() for p in averaged.parameters()))


if __name__ == "__main__":
    main()
