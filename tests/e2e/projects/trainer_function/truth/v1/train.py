"""Which package of the standard library does a piece of source come from?"""
import argparse
import random
import re
import sysconfig
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

import hindcast as hc

CLASSES = ["asyncio", "email", "json", "unittest"]
BUCKETS = 2048
LENGTH = 64
TOKEN = re.compile(r"[A-Za-z_]+|[^\sA-Za-z_]")


def read_chunks(package, lines=8, limit=200):
    folder = Path(sysconfig.get_paths()["stdlib"]) / package
    chunks = []
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8").splitlines()
        for start in range(0, len(text) - lines, lines):
            chunks.append("\n".join(text[start:start + lines]))
    return chunks[:limit]


def encode(chunk):
    ids = [1 + zlib.crc32(t.encode()) % (BUCKETS - 1) for t in TOKEN.findall(chunk)]
    return (ids + [0] * LENGTH)[:LENGTH]


def make_tensors():
    rows, targets = [], []
    for label, package in enumerate(CLASSES):
        for chunk in read_chunks(package):
            rows.append(encode(chunk))
            targets.append(label)
    x, y = np.array(rows), np.array(targets)
    hc.log("distinct_tokens", int(len(np.unique(x))))
    order = np.random.permutation(len(x))
    x, y = torch.from_numpy(x[order]), torch.from_numpy(y[order])
    cut = int(len(x) * 0.75)
    return x[:cut], y[:cut], x[cut:], y[cut:]


class ChunkNet(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.emb = nn.Embedding(BUCKETS, width, padding_idx=0)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(width, len(CLASSES))

    def forward(self, x):
        return self.out(self.drop(self.emb(x).mean(1)))


class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best = 0.0
        self.bad_epochs = 0

    def step(self, score):
        if score > self.best:
            self.best = score
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        return self.bad_epochs >= self.patience


def train_one_epoch(net, loader, opt):
    net.train()
    hc.log("start_norm", sum(p.norm().item() for p in net.parameters()))
    total, count = 0.0, 0
    for x, y in hc.loop("step", loader):
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        hc.log("grad_norm", torch.sqrt(sum((p.grad ** 2).sum() for p in net.parameters())).item())
        opt.step()
        total += loss.item() * len(y)
        count += len(y)
        hc.log("loss", loss.item())
    hc.log("weight_norm", torch.cat([p.detach().flatten() for p in net.parameters()]).norm().item())
    return total / count


def validate(net, loader):
    net.eval()
    guesses, truth = [], []
    with torch.no_grad():
        for x, y in loader:
            guesses.append(net(x).argmax(1))
            truth.append(y)
    guesses = torch.cat(guesses)
    truth = torch.cat(truth)
    hc.log("val_share_json", (guesses == 2).float().mean().item())
    return (guesses == truth).float().mean().item()


def train(args):
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)

    x_train, y_train, x_val, y_val = make_tensors()
    train_loader = DataLoader(TensorDataset(x_train, y_train), batch_size=args.batch, shuffle=True)
    val_loader = DataLoader(TensorDataset(x_val, y_val), batch_size=128)

    net = ChunkNet(args.width, args.dropout)
    hc.log("parameter_count", sum(p.numel() for p in net.parameters()))
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    sched = torch.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.5)
    stopper = EarlyStopping(patience=2)

    with hc.checkpointing(net=net, opt=opt):
        for epoch in hc.loop("epoch", range(args.epochs)):
            train_loss = train_one_epoch(net, train_loader, opt)
            hc.log("train_loss", train_loss)
            hc.log("lr_now", opt.param_groups[0]["lr"])
            acc = validate(net, val_loader)
            hc.log("val_acc", acc)
            hc.log("recall", [(net(x_val).argmax(1)[y_val == k] == k).float().mean().item() for k in range(len(CLASSES))])
            hc.log("best_before", stopper.best)
            hc.log("head_norm", net.out.weight.norm().item())
            sched.step()
            if stopper.step(acc):
                break

    print(f"best accuracy {stopper.best:.3f}")
    hc.log("best_score", stopper.best)
    hc.log("final_norm", sum(p.norm().item() for p in net.parameters()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args())
