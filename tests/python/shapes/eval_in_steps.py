# SPDX-License-Identifier: Apache-2.0
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc


def batches(tokens, size, length, generator):
    while True:
        start = torch.randint(0, len(tokens) - length - 1, (size,), generator=generator)
        x = torch.stack([tokens[s:s + length] for s in start])
        y = torch.stack([tokens[s + 1:s + length + 1] for s in start])
        yield x, y


@torch.no_grad()
def estimate(model, tokens):
    model.eval()
    losses = []
    for k in range(3):
        x, y = tokens[k * 8:k * 8 + 8], tokens[k * 8 + 1:k * 8 + 9]
        losses.append(F.cross_entropy(model(x), y).item())
    model.train()
    return sum(losses) / len(losses)


def rate(step, warmup=10, total=60, peak=0.02):
    if step < warmup:
        return peak * (step + 1) / warmup
    return 0.5 * peak * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


torch.manual_seed(11)
tokens = torch.randint(0, 20, (300,))
model = nn.Sequential(nn.Embedding(20, 12), nn.Linear(12, 24), nn.GELU(), nn.Dropout(0.1), nn.Linear(24, 20))
optimizer = torch.optim.AdamW(model.parameters(), lr=0.0)
best_val = 1e9
for epoch in hc.loop("epoch", range(3)):
    g = torch.Generator().manual_seed(epoch)
    source = batches(tokens, 4, 8, g)
    for step in hc.loop("step", range(20)):
        lr = rate(epoch * 20 + step)
        for group in optimizer.param_groups:
            group["lr"] = lr
        xb, yb = next(source)
        logits = model(xb)
        loss = F.cross_entropy(logits.view(-1, 20), yb.view(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        hc.log("loss", loss.item())
        if step % 5 == 0:
            val = estimate(model, tokens)
            if val < best_val:
                best_val = val
            hc.log("val", val)
    perplexity = math.exp(min(best_val, 20))
    hc.log("perplexity", perplexity)
