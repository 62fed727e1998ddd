import torch.nn as nn
import torch.nn.functional as F

import hindcast as hc
from averaging import update_average


def train_epoch(model, averaged, loader, optimizer, accumulate, clip, decay=0.9):
    """Gradients of an unfinished group are kept for the next epoch."""
    model.train()
    running, seen = 0.0, 0
    for step, batch in enumerate(hc.loop("step", loader)):
        x, y = batch
        hc.log("batch_sparsity", (x <= 0).float().mean().item())
        out = model(x)
        loss = F.cross_entropy(out, y)
        (loss / accumulate).backward()
        hc.log("grad_norm", sum((p.grad ** 2).sum().item() for p in model.parameters() if p.grad is not None) ** 0.5)
        if (step + 1) % accumulate == 0:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
            update_average(averaged, model, decay)
            hc.log("ema_distance", sum((a - b).abs().sum().item() for a, b in zip(averaged.parameters(), model.parameters())))
        running += loss.item() * len(y)
        seen += len(y)
        hc.log("loss", loss.item())
    hc.log("leftover_grad", sum(p.grad.abs().sum().item() for p in model.parameters() if p.grad is not None))
    return running / seen
