"""Which package of the standard library does a piece of source come from?"""
import random
import re
import sys
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


def progress(items, every=10):
    """A poor man's progress bar."""
    for done, item in enumerate(items, 1):
        yield item
        if done % every == 0:
            print(".", end="", file=sys.stderr, flush=True)


def validate(model, loader):
    model.eval()
    guesses, truth = [], []
    with torch.no_grad():
        for tokens, labels in loader:
            guesses.append(model(tokens).argmax(1))
            truth.append(labels)
    guesses = torch.cat(guesses)
    truth = torch.cat(truth)
    acc = (guesses == truth).float().mean().item()
    f1 = f1_score(truth.numpy(), guesses.numpy(), average="macro", zero_division=0)
    return acc, float(f1)


def train_one_epoch(model, loader, optimizer, smoothing, log_every=4):
    model.train()
    total, count = 0.0, 0
    step = 0
    for tokens, labels in progress(hc.loop("step", loader)):
        optimizer.zero_grad()
        logits = model(tokens)
        loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
        if step % log_every == 0:
            hc.log("loss", loss.item())
        step += 1
    return total / count


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


def load_data(valid_share=0.25):
    rows, targets = [], []
    for label, package in enumerate(PACKAGES):
        for chunk in read_chunks(package):
            rows.append(encode(chunk))
            targets.append(label)
    tokens, labels = np.array(rows), np.array(targets)
    order = np.random.permutation(len(tokens))
    tokens, labels = torch.from_numpy(tokens[order]), torch.from_numpy(labels[order])
    cut = int(len(tokens) * (1 - valid_share))
    return tokens[:cut], labels[:cut], tokens[cut:], labels[cut:]


def main():
    seed = hc.arg("seed", 0)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)

    epochs = hc.arg("epochs", 4)
    train_x, train_y, valid_x, valid_y = load_data()
    train_loader = DataLoader(TensorDataset(train_x, train_y), batch_size=hc.arg("batch", 32), shuffle=True)
    valid_loader = DataLoader(TensorDataset(valid_x, valid_y), batch_size=128)

    model = ChunkNet(hc.arg("width", 32), hc.arg("dropout", 0.3))
    optimizer = torch.optim.AdamW(model.parameters(), lr=hc.arg("lr", 0.02))
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    stopper = EarlyStopping(patience=2)
    smoothing = hc.arg("smoothing", 0.05)

    with hc.checkpointing(model=model, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(epochs)):
            train_loss = train_one_epoch(model, train_loader, optimizer, smoothing)
            hc.log("train_loss", train_loss)
            acc, f1 = validate(model, valid_loader)
            hc.log("val_acc", acc)
            hc.log("val_f1", f1)
            scheduler.step()
            if stopper.step(f1):
                print("no progress, stopping")
                break

    print(f"best macro F1 {stopper.best:.3f}")


if __name__ == "__main__":
    main()
