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
from sklearn.metrics import f1_score
from torch.utils.data import DataLoader, TensorDataset

import hindcast as hc

PACKAGES = ["asyncio", "email", "json", "unittest"]
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
    for label, package in enumerate(PACKAGES):
        for chunk in read_chunks(package):
            rows.append(encode(chunk))
            targets.append(label)
    x, y = np.array(rows), np.array(targets)
    order = np.random.permutation(len(x))
    x, y = torch.from_numpy(x[order]), torch.from_numpy(y[order])
    cut = int(len(x) * 0.75)
    return x[:cut], y[:cut], x[cut:], y[cut:]


class ChunkNet(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.embed = nn.Embedding(BUCKETS, width, padding_idx=0)
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.Linear(width, width)
        self.out = nn.Linear(width, len(PACKAGES))

    def forward(self, x):
        h = self.drop(self.embed(x).mean(1))
        h = F.relu(self.hidden(h))
        return self.out(self.drop(h))


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


def train_one_epoch(model, loader, opt, log_every=4):
    model.train()
    total, count = 0.0, 0
    for i, (xb, yb) in enumerate(hc.loop("step", loader)):
        opt.zero_grad()
        scores = model(xb)
        loss = F.cross_entropy(scores, yb)
        loss.backward()
        opt.step()
        total += loss.item() * len(yb)
        count += len(yb)
        if i % log_every == 0:
            hc.log("loss", loss.item())
    return total / count


def validate(model, loader):
    model.eval()
    guesses, truth = [], []
    with torch.no_grad():
        for xb, yb in loader:
            guesses.append(model(xb).argmax(1))
            truth.append(yb)
    guesses = torch.cat(guesses)
    truth = torch.cat(truth)
    acc = (guesses == truth).float().mean().item()
    f1 = f1_score(truth.numpy(), guesses.numpy(), average="macro", zero_division=0)
    return acc, float(f1)


def train(args):
    random.seed(args.seed)
    np.random.seed(args.seed)
    torch.manual_seed(args.seed)

    x_train, y_train, x_val, y_val = make_tensors()
    train_loader = DataLoader(TensorDataset(x_train, y_train), batch_size=args.batch, shuffle=True)
    val_loader = DataLoader(TensorDataset(x_val, y_val), batch_size=128)

    model = ChunkNet(args.width, args.dropout)
    opt = torch.optim.Adam(model.parameters(), lr=args.lr)
    # Halve the rate when accuracy stalls; its state is small, so it is not registered.
    sched = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, mode="max", factor=0.5, patience=0)
    stopper = EarlyStopping(patience=args.patience)

    with hc.checkpointing(model=model, opt=opt):
        for epoch in hc.loop("epoch", range(args.epochs)):
            train_loss = train_one_epoch(model, train_loader, opt)
            hc.log("train_loss", train_loss)
            acc, f1 = validate(model, val_loader)
            hc.log("val_acc", acc)
            hc.log("val_f1", f1)
            sched.step(acc)
            if stopper.step(acc):
                print("no progress, stopping")
                break

    print(f"best accuracy {stopper.best:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--patience", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args())
