import torch
import torch.nn as nn
import torch.nn.functional as F

import hindcast as hc


def update_ema(ema_model, model, decay):
    with torch.no_grad():
        for slow, fast in zip(ema_model.state_dict().values(), model.state_dict().values()):
            if slow.dtype.is_floating_point:
                slow.mul_(decay).add_(fast, alpha=1 - decay)
            else:
                slow.copy_(fast)


def train_epoch(model, ema_model, loader, optimizer, accumulate, clip):
    """Gradients of an unfinished group are kept for the next epoch."""
    model.train()
    running, seen = 0.0, 0
    for i, (x, y) in enumerate(hc.loop("step", loader)):
        out = model(x)
        loss = F.cross_entropy(out, y)
        (loss / accumulate).backward()
        if (i + 1) % accumulate == 0:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
            update_ema(ema_model, model, 0.9)
        running += loss.item() * len(y)
        seen += len(y)
        hc.log("loss", loss.item())
    return running / seen


def evaluate(model, loader):
    model.eval()
    correct, losses = 0, []
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            losses.append(F.cross_entropy(out, y).item())
            correct += (out.argmax(1) == y).sum().item()
    return correct / len(loader.dataset), sum(losses) / len(losses)
