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


class AverageMeter:
    def __init__(self):
        self.total = 0.0
        self.count = 0

    def update(self, value, n):
        self.total += value * n
        self.count += n

    @property
    def mean(self):
        return self.total / max(self.count, 1)


class ChunkNet(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.embed = nn.Embedding(BUCKETS, width, padding_idx=0)
        self.drop = nn.Dropout(dropout)
        self.hidden = nn.Sequential(nn.Linear(width, width), nn.ReLU())
        self.head = nn.Linear(width, len(PACKAGES))

    def forward(self, tokens):
        h = self.drop(self.embed(tokens).mean(1))
        return self.head(self.drop(self.hidden(h)))


def progress(items, every=10):
    """A poor man's progress bar."""
    for done, item in enumerate(items, 1):
        yield item
        if done % every == 0:
            print(".", end="", file=sys.stderr, flush=True)


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
    hc.log("distinct_tokens", int(len(np.unique(tokens))))
    order = np.random.permutation(len(tokens))
    tokens, labels = torch.from_numpy(tokens[order]), torch.from_numpy(labels[order])
    cut = int(len(tokens) * (1 - valid_share))
    return tokens[:cut], labels[:cut], tokens[cut:], labels[cut:]


def validate(model, loader):
    model.eval()
    predicted, expected = [], []
    with torch.no_grad():
        for tokens, labels in loader:
            predicted.append(model(tokens).argmax(1))
            expected.append(labels)
    predicted = torch.cat(predicted)
    expected = torch.cat(expected)
    hc.log("val_share_json", (predicted == 2).float().mean().item())
    acc = (predicted == expected).float().mean().item()
    f1 = f1_score(expected.numpy(), predicted.numpy(), average="macro", zero_division=0)
    return acc, float(f1)


def train_one_epoch(model, loader, optimizer, scheduler, criterion, weights):
    model.train()
    hc.log("start_norm", sum(p.norm().item() for p in model.parameters()))
    meter = AverageMeter()
    batches = zip(hc.loop("step", progress(loader)), weights)
    for step, ((tokens, labels), weight) in enumerate(batches):
        optimizer.zero_grad()
        logits = model(tokens)
        hc.log("confidence", logits.softmax(1).max(1).values.mean().item())
        loss = weight * criterion(logits, labels)
        loss.backward()
        hc.log("grad_norm", torch.sqrt(sum((p.grad ** 2).sum() for p in model.parameters())).item())
        hc.log("batch_weight", weight)
        optimizer.step()
        scheduler.step()
        meter.update(loss.item(), len(labels))
        if step % 4 == 0:
            hc.log("loss", loss.item())
    hc.log("weight_norm", torch.cat([p.detach().flatten() for p in model.parameters()]).norm().item())
    return meter.mean


def fit(epochs):
    train_x, train_y, valid_x, valid_y = load_data()
    train_loader = DataLoader(TensorDataset(train_x, train_y), batch_size=hc.arg("batch", 32), shuffle=True)
    valid_loader = DataLoader(TensorDataset(valid_x, valid_y), batch_size=128)

    model = ChunkNet(hc.arg("width", 32), hc.arg("dropout", 0.4))
    hc.log("parameter_count", sum(p.numel() for p in model.parameters()))
    optimizer = torch.optim.AdamW(model.parameters(), lr=hc.arg("lr", 0.02))
    # Steps once per batch, and is not registered.
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.03, epochs=epochs, steps_per_epoch=len(train_loader))
    criterion = nn.CrossEntropyLoss(label_smoothing=hc.arg("smoothing", 0.05))
    stopper = EarlyStopping(patience=hc.arg("patience", 3))

    with hc.checkpointing(model=model, optimizer=optimizer):
        for epoch in hc.loop("epoch", range(epochs)):
            weights = np.random.uniform(0.9, 1.1, size=len(train_loader)).tolist()
            train_loss = train_one_epoch(model, train_loader, optimizer, scheduler, criterion, weights)
            hc.log("train_loss", train_loss)
            hc.log("lr_now", optimizer.param_groups[0]["lr"])
            acc, f1 = validate(model, valid_loader)
            hc.log("val_acc", acc)
            hc.log("recall", [(model(valid_x).argmax(1)[valid_y == k] == k).float().mean().item() for k in range(len(PACKAGES))])
            hc.log("val_f1", f1)
            hc.log("f1_gap", acc - f1)
            hc.log("best_before", stopper.best)
            hc.log("head_norm", model.head.weight.norm().item())
            if stopper.step(f1):
                print("no progress, stopping")
                break

    print(f"best macro F1 {stopper.best:.3f}")
    hc.log("best_score", stopper.best)
    hc.log("final_norm", sum(p.norm().item() for p in model.parameters()))
    return model


if __name__ == "__main__":
    seed = hc.arg("seed", 0)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    fit(hc.arg("epochs", 5))
