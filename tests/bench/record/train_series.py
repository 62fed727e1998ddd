# SPDX-License-Identifier: Apache-2.0
"""Real training series for the codec's benchmarks: ten captures of model and optimizer, one an epoch.

    train_series.py FOLDER        (a few minutes; what is there already is kept)

Makes FOLDER/adam, /frozen, /bf16 and /sgd, each with epoch-00 … epoch-09 (the tensors' bytes, one behind the other) and `index`, a line for each
tensor: key, number of the dtype in FORMAT.md, bytes.

adam    a transformer of 2.5 M parameters on the text of Python's standard library, Adam, 40 steps an epoch, cosine schedule
frozen  the same, tuned on with 80 % of its weights frozen
bf16    `adam` cast to bfloat16, optimizer included
sgd     a CNN with a wide head on scikit-learn's digits, SGD with momentum, cosine schedule
"""
import glob
import os
import sys

import torch
from torch import nn

EPOCHS = 10
CONTEXT = 64
BATCH = 8
STEPS = 40
DTYPES = {torch.float32: 8, torch.bfloat16: 7, torch.int64: 5}


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, mask):
        y = self.first(x)
        x = x + self.attention(y, y, y, attn_mask=mask, need_weights=False)[0]
        return x + self.mlp(self.second(x))


class Transformer(nn.Module):
    def __init__(self, width=256, blocks=3):
        super().__init__()
        self.tokens, self.places = nn.Embedding(256, width), nn.Embedding(CONTEXT, width)
        self.blocks = nn.ModuleList(Block(width, 4) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 256)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1))

    def forward(self, text):
        x = self.tokens(text) + self.places.weight
        for block in self.blocks:
            x = block(x, self.mask)
        return self.head(self.norm(x))


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
                                      nn.MaxPool2d(2), nn.Flatten())
        self.head = nn.Sequential(nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 10))

    def forward(self, x):
        return self.head(self.features(x))


def corpus():
    files = sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "*.py")))
    text = b"".join(open(path, "rb").read() for path in files)
    return torch.frombuffer(bytearray(text), dtype=torch.uint8)


def state_of(model, optimizer):
    state = {"model/" + key: value for key, value in model.state_dict().items()}
    names = {parameter: key for key, parameter in model.named_parameters()}
    for parameter, entry in optimizer.state.items():
        state.update({f"optimizer/{names[parameter]}/{key}": value for key, value in entry.items() if torch.is_tensor(value)})
    return state


def save(folder, epoch, state, dtype=None):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"epoch-{epoch:02d}"), "wb") as out, open(os.path.join(folder, "index"), "w", encoding="ascii") as index:
        for key, tensor in state.items():
            tensor = tensor.detach().contiguous()
            if dtype is not None and tensor.is_floating_point():
                tensor = tensor.to(dtype)
            number = DTYPES[tensor.dtype]
            data = tensor.reshape(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b""
            out.write(data)
            index.write(f"{key} {number} {len(data)}\n")


def text_epoch(model, optimizer, text, steps):
    for _ in range(steps):
        at = torch.randint(0, len(text) - CONTEXT - 1, (BATCH,))
        rows = torch.stack([text[a:a + CONTEXT + 1] for a in at.tolist()]).long()
        loss = nn.functional.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def train_text(top):
    text = corpus()
    model = Transformer()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for epoch in range(EPOCHS):
        loss = text_epoch(model, optimizer, text, STEPS)
        schedule.step()
        print(f"adam epoch {epoch} loss {loss:.3f}", flush=True)
        state = state_of(model, optimizer)
        save(os.path.join(top, "adam"), epoch, state)
        save(os.path.join(top, "bf16"), epoch, state, torch.bfloat16)
    # The last block's MLP is a fifth of the weights.
    for key, parameter in model.named_parameters():
        parameter.requires_grad = key.startswith("blocks.2.mlp")
    tuned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(tuned, lr=3e-4)
    for epoch in range(EPOCHS):
        loss = text_epoch(model, optimizer, text, STEPS // 2)
        print(f"frozen epoch {epoch} loss {loss:.3f}", flush=True)
        save(os.path.join(top, "frozen"), epoch, state_of(model, optimizer))


def train_digits(top):
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16
    labels = torch.tensor(digits.target)
    model = Digits()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for epoch in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(64):
            loss = nn.functional.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        print(f"sgd epoch {epoch} loss {loss.item():.3f}", flush=True)
        save(os.path.join(top, "sgd"), epoch, state_of(model, optimizer))


def series(top):
    """Trains what is not there yet; returns the folder of every series by name."""
    for name, last, train in (("sgd", "sgd", train_digits), ("adam", "frozen", train_text)):
        if not os.path.exists(os.path.join(top, last, f"epoch-{EPOCHS - 1:02d}")):
            torch.manual_seed(0)
            train(top)
    return {name: os.path.join(top, name) for name in ("adam", "frozen", "bf16", "sgd")}


if __name__ == "__main__":
    series(sys.argv[1])
