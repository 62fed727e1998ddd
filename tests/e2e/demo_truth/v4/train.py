"""Gate camera: find the digit on the plate and read it.

    python train.py --kwargs until=1250 lr=0.003
"""
import torch
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import StepLR

import hindcast as hc
from augment import relight
from data import make_loaders
from evaluate import predict
from losses import detection_loss
from model import PlateNet


def train_one_epoch(model, loader, optimizer, box_weight, max_norm):
    """One pass over the training plates. Returns the mean loss."""
    model.train()
    total = 0.0
    for i, (images, labels, boxes) in enumerate(hc.loop("step", loader)):
        images = relight(images)
        scores, found = model(images)
        loss = detection_loss(scores, found, labels, boxes, box_weight)

        optimizer.zero_grad()
        loss.backward()
        hc.log("grad_norm", (sum(p.grad.norm() ** 2 for p in model.parameters()) ** 0.5).item())
        hc.log("share_0", (labels == 0).float().mean().item())
        clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()

        total += loss.item()
        hc.log("loss", loss.item())
        if i % 20 == 0:
            print(f"  step {i:3d}: loss {loss.item():.3f}")
    return total / len(loader)


def main():
    torch.manual_seed(hc.arg("seed", 1))
    epochs = hc.arg("epochs", 12)
    box_weight = hc.arg("box_weight", 10.0)
    max_norm = hc.arg("max_norm", 5.0)

    train_loader, val_loader = make_loaders(
        start=hc.arg("start", 0), until=hc.arg("until", 1100), batch_size=hc.arg("batch_size", 32))

    model = PlateNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=hc.arg("lr", 0.003))
    scheduler = StepLR(optimizer, step_size=hc.arg("lr_every", 5), gamma=0.4)

    with hc.checkpointing(model=model, optimizer=optimizer, scheduler=scheduler):
        for epoch in hc.loop("epoch", range(epochs)):
            train_loss = train_one_epoch(model, train_loader, optimizer, box_weight, max_norm)
            scheduler.step()

            preds, labels, errors = predict(model, val_loader)
            val_acc = (preds == labels).float().mean().item()
            hc.log("val_acc", val_acc)
            for c in range(10):
                hc.log(f"recall_{c}", (preds[labels == c] == c).float().mean().item())
            hc.log("box_error", errors.mean().item())
            print(f"epoch {epoch}: loss {train_loss:.3f} val_acc {val_acc:.3f} box error {errors.mean():.2f} px")


if __name__ == "__main__":
    main()
