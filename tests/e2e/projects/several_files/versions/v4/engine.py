import torch.nn as nn

import hindcast as hc
from averaging import update_average
from metrics import criterion, evaluate


def train_epoch(model, averaged, loader, optimizer, accumulate, clip, decay=0.9, peek=None):
    """Gradients of an unfinished group are kept for the next epoch."""
    model.train()
    running, seen = 0.0, 0
    for step, batch in enumerate(hc.loop("step", loader)):
        images, targets = batch
        outputs = model(images)
        loss = criterion(outputs, targets)
        (loss / accumulate).backward()
        if (step + 1) % accumulate == 0:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
            update_average(averaged, model, decay)
        running += loss.item() * len(targets)
        seen += len(targets)
        hc.log("loss", loss.item())
        if peek is not None and (step + 1) % 6 == 0:
            hc.log("peek_acc", evaluate(model, peek)[0])
            model.train()
    return running / seen
