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
        out = model(x)
        loss = F.cross_entropy(out, y)
        (loss / accumulate).backward()
        if (step + 1) % accumulate == 0:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
            update_average(averaged, model, decay)
        running += loss.item() * len(y)
        seen += len(y)
        hc.log("loss", loss.item())
    return running / seen
