import torch
import torch.nn.functional as F

import hindcast as hc

LABEL_SMOOTHING = hc.arg("smoothing", 0.05)


def criterion(outputs, targets):
    return F.cross_entropy(outputs, targets, label_smoothing=LABEL_SMOOTHING)


def evaluate(model, loader):
    model.eval()
    correct, losses = 0, []
    with torch.no_grad():
        for images, targets in loader:
            outputs = model(images)
            losses.append(criterion(outputs, targets).item())
            correct += (outputs.argmax(1) == targets).sum().item()
    hc.log("worst_batch", max(losses))
    return correct / len(loader.dataset), sum(losses) / len(losses)
