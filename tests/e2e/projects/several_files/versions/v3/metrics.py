import torch
import torch.nn.functional as F


def evaluate(model, loader):
    model.eval()
    correct, losses = 0, []
    with torch.no_grad():
        for x, y in loader:
            out = model(x)
            losses.append(F.cross_entropy(out, y).item())
            correct += (out.argmax(1) == y).sum().item()
    return correct / len(loader.dataset), sum(losses) / len(losses)
