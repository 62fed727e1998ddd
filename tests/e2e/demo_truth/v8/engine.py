"""The training loop: one epoch at a time."""
from torch.nn.utils import clip_grad_norm_

import hindcast as hc
from augment import relight
from losses import detection_loss


class Meter:
    """Running mean of a number."""

    def __init__(self):
        self.total = 0.0
        self.count = 0

    def add(self, value, n=1):
        self.total += value * n
        self.count += n

    @property
    def mean(self):
        return self.total / max(1, self.count)


def train_one_epoch(model, loader, optimizer, scheduler, settings):
    """One pass over the training plates. Returns the mean loss per plate."""
    model.train()
    meter = Meter()
    for images, labels, boxes in hc.loop("step", loader):
        outputs = model(relight(images))
        loss = detection_loss(outputs, labels, boxes, settings.box_weight)

        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        hc.log("grad_norm", (sum(p.grad.norm() ** 2 for p in model.parameters()) ** 0.5).item())
        hc.log("share_0", (labels == 0).float().mean().item())
        clip_grad_norm_(model.parameters(), settings.max_norm)
        optimizer.step()
        scheduler.step()

        meter.add(loss.item(), len(images))
        hc.log("loss", loss.item())
    return meter.mean
