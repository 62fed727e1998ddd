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


def train_one_epoch(detector, loader, optimizer, scheduler, box_weight, max_norm):
    """One pass over the training plates. Returns the mean loss per plate."""
    detector.train()
    meter = Meter()
    for images, targets, boxes in hc.loop("step", loader):
        outputs = detector(relight(images))
        loss = detection_loss(outputs, targets, boxes, box_weight)

        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        hc.log("grad_norm", (sum(p.grad.norm() ** 2 for p in detector.parameters()) ** 0.5).item())
        hc.log("share_0", (targets == 0).float().mean().item())
        clip_grad_norm_(detector.parameters(), max_norm)
        optimizer.step()
        scheduler.step()

        meter.add(loss.item(), len(images))
        hc.log("loss", loss.item())
    return meter.mean
